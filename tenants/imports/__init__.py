"""The register of petitions an OCMW kept in a spreadsheet, read, judged, repaired and turned into cases."""
