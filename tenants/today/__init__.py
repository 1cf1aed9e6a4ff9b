"""Vandaag: what a person has to do now, over all their cases; and the same days in their own calendar."""
