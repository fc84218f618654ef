//! Laws of the portal, through its door.

mod door;
mod inbox;
mod npm;
mod pages;
mod test_provider;
