//! Reads JSON Lines block by block: whole lines, as many as one reading gives, in memory that does not grow.

use std::io::{self, Read};

use crate::input::values;
use crate::place::Place;

/// How much is read at once.
const BLOCK: usize = 256 * 1024;
/// The longest line that is read.
pub const LONGEST: usize = 64 * 1024 * 1024;
/// The longest value over several lines that is kept whole.
const LONGEST_VALUE: usize = 4 * 1024 * 1024;
/// How much of a longer line is passed over in search of its end.
const PATIENCE: usize = 1024 * 1024 * 1024;

/// What a reading gave.
#[derive(Debug)]
pub enum Block {
    /// Whole lines, and where the first of them begins.
    Lines(Vec<u8>, Place),
    /// A line that is longer than the longest begins there. The next ones follow.
    TooLong(Place),
    /// The same, and its end was not found.
    Endless(Place),
}

/// Reads the lines of an input.
#[derive(Debug)]
pub struct Blocks<R> {
    input: R,
    /// What was read and not yet given out: the beginning of a line.
    rest: Vec<u8>,
    /// Where it begins.
    at: Place,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    /// Of an input of which a beginning has been read already.
    pub fn new(input: R, begin: Vec<u8>, at: Place) -> Self {
        Self { input, rest: begin, at, ended: false }
    }

    /// The next lines; nothing at the end.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub fn read_block(&mut self) -> io::Result<Option<Block>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.cut(searched) {
                return Ok(Some(self.give(end)));
            }
            if self.ended {
                let length = self.rest.len();
                return Ok((length > 0).then(|| self.give(length)));
            }
            if self.rest.len() > LONGEST {
                return self.pass_over().map(Some);
            }
            searched = self.rest.len();
            self.ended = self.read()? == 0;
        }
    }

    /// Behind the last line that was read whole, where something new begins: a value over several lines stays whole,
    /// unless it is very long.
    fn cut(&self, searched: usize) -> Option<usize> {
        let from = searched.saturating_sub(1);
        let mut ends = memchr::memrchr_iter(b'\n', &self.rest[from..]).map(|end| from + end + 1);
        let last = ends.next()?;
        let is_cut = |end: usize| match self.rest.get(end) {
            Some(next) => values::is_beginning(*next),
            None => is_whole(&self.rest[..end]),
        };
        let found = if is_cut(last) { Some(last) } else { ends.find(|end| is_cut(*end)) };
        found.or((self.rest.len() > LONGEST_VALUE).then_some(last))
    }

    fn give(&mut self, length: usize) -> Block {
        let behind = self.rest.split_off(length);
        let lines = std::mem::replace(&mut self.rest, behind);
        let first = self.at;
        self.at.line += memchr::memchr_iter(b'\n', &lines).count();
        self.at.offset += lines.len();
        Block::Lines(lines, first)
    }

    fn read(&mut self) -> io::Result<usize> {
        let before = self.rest.len();
        self.rest.resize(before + BLOCK, 0);
        let read = read_some(&mut self.input, &mut self.rest[before..]);
        self.rest.truncate(before + read.as_ref().copied().unwrap_or_default());
        read
    }

    /// Forgets a line that is too long, up to its end.
    fn pass_over(&mut self) -> io::Result<Block> {
        let first = self.at;
        let mut passed = 0;
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.rest) {
                self.rest.drain(..=end);
                self.at.line += 1;
                self.at.offset += passed + end + 1;
                return Ok(Block::TooLong(first));
            }
            passed += self.rest.len();
            self.rest = Vec::new();
            if passed > PATIENCE {
                self.ended = true;
                return Ok(Block::Endless(first));
            }
            if self.read()? == 0 {
                self.ended = true;
                return Ok(Block::TooLong(first));
            }
        }
    }
}

/// Whether the last of some lines is an object by itself.
fn is_whole(lines: &[u8]) -> bool {
    let lines = lines.trim_ascii_end();
    let line = memchr::memrchr(b'\n', lines).map_or(lines, |end| &lines[end + 1..]);
    line.first().is_some_and(|byte| values::is_beginning(*byte)) && line.len() > 1 && line.ends_with(b"}")
}

/// Reads what there is, once.
///
/// # Errors
///
/// When it cannot be read; an interruption is none.
pub fn read_some(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as a pipe does.
    struct Drops<'t>(&'t [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(self.1).min(into.len());
            into[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn lines(text: &[u8], drop: usize) -> Vec<(String, Place)> {
        let mut blocks = Blocks::new(Drops(text, drop), Vec::new(), Place::START);
        let mut all = Vec::new();
        while let Some(block) = blocks.read_block().expect("a block") {
            let Block::Lines(lines, first) = block else { panic!("{block:?}") };
            all.push((String::from_utf8(lines).expect("text"), first));
        }
        all
    }

    #[test]
    fn every_line_is_given_once_with_its_place() {
        let text = b"{\"a\":1}\n\n{\"b\":22}\r\n{\"c\":3}";
        for drop in 1..30 {
            let all = lines(text, drop);
            let whole: String = all.iter().map(|(lines, _)| lines.as_str()).collect();
            assert_eq!(whole.as_bytes(), text);
            for (lines, first) in all {
                assert!(text[first.offset..].starts_with(lines.as_bytes()));
                assert_eq!(first.line, 1 + memchr::memchr_iter(b'\n', &text[..first.offset]).count());
            }
        }
    }

    #[test]
    fn a_value_over_several_lines_is_not_cut_in_two() {
        let value = "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n";
        let text = format!("{{\"z\":0}}\n{}INFO x\n", value.repeat(3));
        for drop in 1..60 {
            for (lines, _) in lines(text.as_bytes(), drop) {
                assert_eq!(lines.matches('{').count(), lines.matches('}').count(), "{lines}");
            }
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_the_next_is_read() {
        let text = [b"{}\n".to_vec(), vec![b'x'; LONGEST + 2 * BLOCK], b"\n{\"a\":1}\n".to_vec()].concat();
        let mut blocks = Blocks::new(&text[..], Vec::new(), Place::START);
        let mut told = Vec::new();
        while let Some(block) = blocks.read_block().expect("a block") {
            told.push(match block {
                Block::Lines(lines, first) => (lines.len(), first.line),
                Block::TooLong(first) | Block::Endless(first) => (0, first.line),
            });
        }
        assert_eq!(told, [(3, 1), (0, 2), (8, 3)]);
    }
}
