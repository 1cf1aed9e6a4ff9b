"""A copy of the whole file as a PDF, with what concerns others left out."""
