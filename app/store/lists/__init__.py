"""Windows into mail lists of any size, and the counters beside them; reads only."""
