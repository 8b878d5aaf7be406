"""One file a platform or format: `recognise(page)` and `parse(page)`."""
