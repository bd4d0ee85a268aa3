"""Show what was found and how well: tables for the terminal, plots, and a page for the browser."""
