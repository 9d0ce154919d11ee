//! A program that others are held against or that others call: it listens on the loopback, and ends with its owner.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::program::{Profile, SANDBOX};
use crate::{Failure, workspace};

/// How often one that starts is looked for, and how long is waited between.
const LOOKS: u32 = 600;
const BETWEEN: Duration = Duration::from_millis(50);

/// One that is listening.
pub(crate) struct Local {
    child: Child,
    /// As a client wants it.
    pub(crate) address: String,
    /// Who writes to a pipe that nobody holds is ended.
    _output: Option<BufReader<ChildStdout>>,
}

impl Local {
    /// The local Paywall that was built so, with these flags, on a port of its choice.
    pub(crate) fn paywall(profile: Profile, flags: &[&str]) -> Result<Self, Failure> {
        let mut command = SANDBOX.command(profile)?;
        command.args(["--port", "0", "--quiet"]).args(flags).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = started(&mut command)?;
        let mut output = child.stdout.take().map(BufReader::new);
        let mut line = String::new();
        let read = output.as_mut().map(|output| output.read_line(&mut line));
        // What went wrong stands on stderr.
        let lost = || Failure::unable("the sandbox does not say where it listens");
        read.ok_or_else(lost)?.map_err(|_| lost())?;
        let address = line.trim().rsplit_once(" at ").map(|(_, address)| address.to_owned());
        let local = Self { child, address: address.clone().unwrap_or_default(), _output: output };
        address.map(|_| local).ok_or_else(lost)
    }

    /// A program that was told this port. What it says goes to a file.
    pub(crate) fn on(port: u16, command: &mut Command, log: &Path) -> Result<Self, Failure> {
        let unable = |error: std::io::Error| Failure::unable(format!("{}: {error}", log.display()));
        let file = File::create(log).map_err(unable)?;
        command.stdin(Stdio::null()).stderr(file.try_clone().map_err(unable)?).stdout(file);
        let child = started(command.current_dir(workspace()))?;
        let mut local = Self { child, address: format!("http://127.0.0.1:{port}"), _output: None };
        local.comes_up(port).map(|()| local).map_err(|what| {
            let name = Path::new(command.get_program()).display();
            Failure::unable(format!("{name} {what}; what it said is in {}", log.display()))
        })
    }

    fn comes_up(&mut self, port: u16) -> Result<(), &'static str> {
        for _ in 0..LOOKS {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(());
            }
            if !matches!(self.child.try_wait(), Ok(None)) {
                return Err("has ended before it listened");
            }
            std::thread::sleep(BETWEEN);
        }
        Err("does not listen")
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn started(command: &mut Command) -> Result<Child, Failure> {
    let name = Path::new(command.get_program()).display().to_string();
    command.spawn().map_err(|error| Failure::unable(format!("{name} cannot be started: {error}")))
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Failure> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(|error| Failure::unable(format!("no port is free: {error}")))
}
