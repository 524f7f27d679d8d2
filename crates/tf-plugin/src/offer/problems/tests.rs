//! Tests of what is wrong with definitions.
