"""Reference data as delivered by SCB: municipalities and population of the regions."""
