"""Rules and amounts that hold from one day to another, each with its source."""
