"""The overviews of leads and opportunities."""
