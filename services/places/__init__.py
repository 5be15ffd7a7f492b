"""Place (阵地): somewhere with facilities and opening hours that is inspected, repaired, rated and found on a map."""
