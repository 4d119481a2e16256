//! FOCUS bills from files.
