//! Every kind of formula against independent computation.
