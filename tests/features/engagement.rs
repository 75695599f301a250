//! Ready-made features against pandas and brute force.
