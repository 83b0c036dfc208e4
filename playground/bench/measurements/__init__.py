"""The measurements, one file each: `measure(session)` gives records as they are found."""
