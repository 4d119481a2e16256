//! FOCUS conformance.
