"""What policygraph serves on this machine: pages for one person, on the loopback address only."""
