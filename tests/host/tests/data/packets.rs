//! User packets: limits, numbers, duplicates.
