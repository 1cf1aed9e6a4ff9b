"""A case follows a version of a cooperation scenario, with the own steps of its organisation."""
