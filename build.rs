//! Embeds seed files that were added or removed, which the compiler cannot see by itself.

fn main() {
    println!("cargo:rerun-if-changed=seeds");
}
