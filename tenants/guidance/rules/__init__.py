"""The rules of guidance, by subject. Pure: no Flask, no SQLAlchemy."""
