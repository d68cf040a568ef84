//! Readers: bytes become a draft with findings. Pure: no files are opened here, and nothing is stored.

pub mod yaml;
