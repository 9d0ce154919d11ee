//! What the client is held against. The list of modules is the table of contents.

mod arrows;
mod authority;
mod blocking;
mod coverage;
mod dropped;
mod freshness;
mod growth;
mod leaks;
mod operations;
mod outcomes;
mod payloads;
mod redirects;
mod relay;
mod replay;
mod schemas;
mod server;
mod sessions;
mod tls;
mod tolerance;
mod wire;
mod workspace;
