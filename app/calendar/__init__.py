"""Days: Belgian working days and how the law counts a term."""
