//! Why could a sandbox not start, or not follow its script?

use std::fmt;
use std::io;
use std::path::PathBuf;

use paywall_contract::Findings;

/// What went wrong on the side of the sandbox.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The contract cannot be read or is broken.
    Contract(Findings),
    /// Keys were given for a pair that the contract does not have.
    UnknownPair {
        /// The pair.
        pair: String,
        /// The pairs that there are.
        known: Vec<String>,
    },
    /// The address could not be taken.
    Listen {
        /// The port that was asked for.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// Notifications cannot be posted to the address that was given.
    Webhook {
        /// Why, without the address.
        found: String,
    },
    /// The certificate for TLS, or its key, cannot be used.
    Certificate {
        /// Why, without a word of the key.
        found: String,
    },
    /// The file of the state cannot be used.
    State {
        /// The file.
        path: PathBuf,
        /// Why, without a word of what is in it.
        found: String,
    },
    /// The file of the keys cannot be used.
    KeysFile {
        /// The file.
        path: PathBuf,
        /// Why, without a word of what is in it.
        found: String,
    },
    /// The script names an operation that the contract does not have.
    UnknownOperation {
        /// The operation.
        operation: String,
        /// The operations that there are.
        known: Vec<String>,
    },
    /// The script names a documented answer that the operation does not have.
    UnknownSample {
        /// The operation.
        operation: String,
        /// The case.
        case: String,
        /// The cases that there are.
        known: Vec<String>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(findings) => write!(f, "the contract is broken:\n{findings}"),
            Self::UnknownPair { pair, known } => {
                write!(f, "the contract has no key pair `{pair}`: use one of {}", known.join(", "))
            }
            Self::Listen { port, .. } => {
                write!(f, "127.0.0.1:{port} cannot be listened on: choose another port, or 0 for any that is free")
            }
            Self::Webhook { found } => write!(f, "notifications cannot be sent to the webhook: {found}"),
            Self::Certificate { found } => {
                write!(f, "the certificate cannot be served: {found}: give a certificate and its key, both pem")
            }
            Self::State { path, found } => {
                let fix = "name a file that a sandbox wrote and no other uses, or one that is not there yet";
                write!(f, "the state cannot be kept in {}: {found}: {fix}", path.display())
            }
            Self::KeysFile { path, found } => {
                write!(
                    f,
                    "the keys cannot be read from {}: {found}: --help shows what such a file says",
                    path.display()
                )
            }
            Self::UnknownOperation { operation, known } => {
                write!(f, "the contract has no operation `{operation}`: use one of {}", known.join(", "))
            }
            Self::UnknownSample { operation, case, known } => {
                write!(f, "`{operation}` has no documented answer `{case}`: use one of {}", known.join(", "))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            _ => None,
        }
    }
}
