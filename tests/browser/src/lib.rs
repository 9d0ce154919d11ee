//! Can a person pay? A real browser drives the example shop against a local Paywall; what it shows is compared with what
//! Paywall says.
//!
//! The list of modules is the table of contents. A test needs `chromium` and `chromedriver`; without them it fails, and
//! says how to install them. With `PAYWALL_SCREENSHOTS=DIR` the pages are left there as pictures.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod shopper;
#[cfg(test)]
mod town;

#[cfg(test)]
mod cross_origin;
#[cfg(test)]
mod interruptions;
#[cfg(test)]
mod lies;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod payments;
