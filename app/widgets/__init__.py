"""Furniture: shows plain data it was handed, posts messages about wishes and facts."""
