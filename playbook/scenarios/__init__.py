"""Cooperation scenarios: how organisations take their turns, as numbered versions that cases can follow."""
