"""Documents of a case (brieven en documenten): the guidance agreement, from draft to signed."""
