//! The binary: parse, run, exit code.

use std::process::ExitCode;

// The allocator of glibc keeps what it has freed, so that one large burst would raise the memory of the process for ever.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    minsheng::cli::main()
}
