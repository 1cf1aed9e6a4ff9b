"""A closed case becomes an anonymous case for discussion (intervisie): checked, released by a second person."""
