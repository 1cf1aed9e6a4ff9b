"""Petitions, hearings and judgments: the court's side of a case, and the time that runs from it."""
