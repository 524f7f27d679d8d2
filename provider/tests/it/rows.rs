//! Rules of single resources.
