"""What PostgreSQL's planner knows of the tables, renewed when many rows came in at once.

It plans by numbers that it counts itself, about a minute after a table changed. In that minute a count that takes a
millisecond can take minutes. Only a table's owner may have it counted at once, hence a function of the owner's.
"""

from sqlalchemy import text

from app.database import transaction
from app.tenancy import APP

# The tables of which a tenth changed since they were counted, as PostgreSQL's own housekeeping does it.
FUNCTIONS = [
    """
CREATE OR REPLACE FUNCTION count_changed_tables() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE changed text;
BEGIN
  FOR changed IN SELECT relid::regclass FROM pg_stat_user_tables
      WHERE schemaname = 'public' AND n_mod_since_analyze > 50 + n_live_tup / 10 ORDER BY relname LOOP
    EXECUTE 'ANALYZE ' || changed;
  END LOOP;
END $$""",
    "REVOKE ALL ON FUNCTION count_changed_tables() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION count_changed_tables() TO {APP}",
]


def count_again() -> None:
    """Have the tables counted that changed much; to be called after the transaction that changed them.

    PostgreSQL hears of a transaction's changes when it ends, if that took a second or more; of a shorter one later.
    """
    with transaction() as session:
        session.execute(text("SELECT count_changed_tables()"))
