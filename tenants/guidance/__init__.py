"""Guidance (begeleiding): procedures with their conditions, pistes, and what became of people afterwards."""
