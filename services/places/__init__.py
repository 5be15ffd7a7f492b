"""Place (阵地): facilities, opening hours, inspection, repair, honours."""
