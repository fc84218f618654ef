//! Has the crate compiled again when the packed bundles change, come or go.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../web/sdk-bundles/dist");
}
