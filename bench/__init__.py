"""Measuring the portal against the bare work behind its pages and against what one would use instead."""
