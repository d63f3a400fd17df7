"""Text as it is spoken: sounds, numbers, times, names, addresses. Pure functions; knows nothing of ours."""
