//! Reads a contract: the root, every file that it refers to, and the samples beside it.

mod scalar;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saphyr::{MarkedYaml, Marker, ScanError, YamlData, YamlLoader};
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::finding::{Finding, Findings};
use crate::node::{At, Entry, Kind, Node};
use crate::reference;

/// A contract as it stands in its files.
#[derive(Debug)]
pub struct Document {
    /// The name of the root file.
    pub root: String,
    /// Every YAML file that the root reaches, by its path from the root's folder.
    pub files: BTreeMap<String, Node>,
    /// `samples/index.yaml`, where there is one.
    pub index: Option<Node>,
    /// `endpoints.yaml`, the list of what is documented, where there is one.
    pub endpoints: Option<Node>,
    /// `expectations.yaml`, what the pages say told a second time, where there is one.
    pub expectations: Option<Node>,
    /// Every other file below `samples/`, by its path from there: a sample, or why it cannot be read.
    pub samples: BTreeMap<String, Node>,
    /// The YAML files below `paths/` and `schemas/` that the root does not reach.
    pub unreached: BTreeSet<String>,
}

impl Document {
    /// The root node.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.files[&self.root]
    }
}

/// The root file of the contract at `spec`: that file, or the `openapi.yaml` in that folder.
#[must_use]
pub fn root_file(spec: &Path) -> PathBuf {
    if spec.is_dir() { spec.join("openapi.yaml") } else { spec.to_owned() }
}

/// Reads the contract whose root file, or folder with `openapi.yaml`, is `spec`.
///
/// # Errors
///
/// Everything that cannot be read, each with its place: a missing file, bad YAML, bad JSON in a sample.
pub fn read(spec: &Path) -> Result<Document, Findings> {
    let root_path = root_file(spec);
    let folder = root_path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let root = root_path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    read_from(&Shelf::Folder(&folder), root)
}

/// Reads the contract whose files are `files`, by their paths from the folder of `root`.
///
/// # Errors
///
/// As [`read`].
pub fn read_memory(root: &str, files: &BTreeMap<&str, &[u8]>) -> Result<Document, Findings> {
    read_from(&Shelf::Memory(files), root.to_owned())
}

/// Reads such a contract that has been read before, and so says nothing that a contract may not.
///
/// # Errors
///
/// Everything that cannot be read.
pub fn read_checked_memory(root: &str, files: &BTreeMap<&str, &[u8]>) -> Result<Document, Findings> {
    read_from(&Shelf::Checked(files), root.to_owned())
}

fn read_from(shelf: &Shelf<'_>, root: String) -> Result<Document, Findings> {
    let mut findings = Vec::new();
    let files = read_files(shelf, &root, &mut findings);
    let (index, samples) = read_samples(shelf, &mut findings);
    let unreached = unreached(shelf, &files);
    let endpoints = read_list(shelf, "endpoints.yaml", &mut findings);
    let expectations = read_list(shelf, "expectations.yaml", &mut findings);
    let document = Document { root, files, index, endpoints, expectations, samples, unreached };
    if findings.is_empty() { Ok(document) } else { Err(Findings::new(findings)) }
}

/// Where the files of a contract are. Their names are paths with forward slashes.
enum Shelf<'f> {
    Folder(&'f Path),
    Memory(&'f BTreeMap<&'f str, &'f [u8]>),
    /// In memory too, and read before.
    Checked(&'f BTreeMap<&'f str, &'f [u8]>),
}

impl Shelf<'_> {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Memory(files) | Self::Checked(files) => files.contains_key(name),
        }
    }

    fn bytes(&self, name: &str) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Folder(folder) => std::fs::read(folder.join(name)),
            Self::Memory(files) | Self::Checked(files) => {
                files.get(name).map(|bytes| bytes.to_vec()).ok_or(ErrorKind::NotFound.into())
            }
        }
    }

    /// The files below one of the folders, by path from there.
    fn below(&self, part: &str) -> BTreeSet<String> {
        match self {
            Self::Folder(folder) => files_below(&folder.join(part)),
            Self::Memory(files) | Self::Checked(files) => {
                let below = |name: &str| Some(name.strip_prefix(part)?.strip_prefix('/')?.to_owned());
                files.keys().filter_map(|name| below(name)).collect()
            }
        }
    }
}

/// A file of the contract that no reference leads to would be left out in silence.
fn unreached(shelf: &Shelf<'_>, files: &BTreeMap<String, Node>) -> BTreeSet<String> {
    let is_yaml = |name: &String| Path::new(name).extension().is_some_and(|end| end == "yaml" || end == "yml");
    ["paths", "schemas"]
        .into_iter()
        .flat_map(|part| shelf.below(part).into_iter().map(move |name| format!("{part}/{name}")))
        .filter(|name| is_yaml(name) && !files.contains_key(name))
        .collect()
}

/// The root and all that it reaches. A file that a reference names and that does not exist is left
/// out here: the rule on references reports it where it is named.
fn read_files(shelf: &Shelf<'_>, root: &str, findings: &mut Vec<Finding>) -> BTreeMap<String, Node> {
    let mut files = BTreeMap::new();
    let mut seen = BTreeSet::from([root.to_owned()]);
    let mut waiting = vec![root.to_owned()];
    while let Some(name) = waiting.pop() {
        if name != root && !shelf.has(&name) {
            continue;
        }
        match read_yaml(shelf, &name) {
            Ok(node) => {
                waiting.extend(files_named_in(&name, &node).into_iter().filter(|file| seen.insert(file.clone())));
                files.insert(name, node);
            }
            Err(finding) => findings.push(finding),
        }
    }
    files
}

fn files_named_in(file: &str, node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    reference::each(node, &mut |_, text| {
        if let Some(target) = reference::parse(file, text.text().unwrap_or_default()) {
            found.push(target.file);
        }
    });
    found
}

fn read_yaml(shelf: &Shelf<'_>, name: &str) -> Result<Node, Finding> {
    let text = read_text(shelf, name)?;
    let file: Arc<str> = name.into();
    if !matches!(shelf, Shelf::Checked(_)) {
        refuse_odd(&file, &text)?;
    }
    parse_yaml(&file, &text)
}

/// Reads YAML text; `file` stands in the places.
fn parse_yaml(file: &Arc<str>, text: &str) -> Result<Node, Finding> {
    let documents = load(text).map_err(|error| {
        let at = place(file, error.marker());
        Finding::new("yaml", &at, format!("not YAML: {}", error.info()), "mend the YAML at this place")
    })?;
    match documents.as_slice() {
        [document] => convert(file, document),
        [] => Ok(Node { at: At::start_of(file), kind: Kind::Map(Vec::new()) }),
        [_, second, ..] => Err(Finding::new(
            "yaml",
            &place(file, &second.span.start),
            "a second document in one file",
            "keep one document a file",
        )),
    }
}

/// The documents of a text, every scalar as it is written.
fn load(text: &str) -> Result<Vec<MarkedYaml<'_>>, ScanError> {
    let mut loader = YamlLoader::default();
    loader.early_parse(false);
    Parser::new_from_str(text).load(&mut loader, true)?;
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents()),
    }
}

/// How deep a contract may nest: what reads it goes as deep.
const DEEPEST: usize = 64;

/// What YAML can say and a contract may not: a value that stands elsewhere than where it is read, a tag,
/// and nesting that no stage could follow. What is no YAML is left to the loader.
fn refuse_odd(file: &Arc<str>, text: &str) -> Result<(), Finding> {
    let mut depth = 0_usize;
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        let odd = |message: &str, fix: &str| Err(Finding::new("yaml", &place(file, &span.start), message, fix));
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        match event {
            _ if depth > DEEPEST => return odd("nesting that is too deep", "give the inner values names of their own"),
            Event::Alias(_) => return odd("an alias", "write the value out, or refer to it by `$ref`"),
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
                if anchor > 0 =>
            {
                return odd("an anchor", "remove it: values are shared by `$ref`");
            }
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                return odd("a tag", "remove it: quotes make a string");
            }
            _ => {}
        }
    }
    Ok(())
}

fn convert(file: &Arc<str>, yaml: &MarkedYaml<'_>) -> Result<Node, Finding> {
    let at = place(file, &yaml.span.start);
    let kind = match &yaml.data {
        YamlData::Representation(text, style, None) => scalar::kind(&at, text, *style == ScalarStyle::Plain)?,
        YamlData::Sequence(elements) => {
            Kind::List(elements.iter().map(|element| convert(file, element)).collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| convert_entry(file, key, value));
            Kind::Map(each_once(entries.collect::<Result<_, _>>()?)?)
        }
        YamlData::Value(_)
        | YamlData::Tagged(..)
        | YamlData::Representation(..)
        | YamlData::Alias(_)
        | YamlData::BadValue => {
            return Err(Finding::new("yaml", &at, "a value that cannot be read", "write it out in plain YAML"));
        }
    };
    Ok(Node { at, kind })
}

fn convert_entry(file: &Arc<str>, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Result<Entry, Finding> {
    let at = place(file, &key.span.start);
    let text = match &key.data {
        YamlData::Representation(text, style, None) => scalar::key(&at, text, *style == ScalarStyle::Plain)?,
        _ => return Err(Finding::new("yaml", &at, "a key that is no string", "quote the key")),
    };
    Ok(Entry { key: text, at, value: convert(file, value)? })
}

/// A key with quotes and one without are the same key.
fn each_once(entries: Vec<Entry>) -> Result<Vec<Entry>, Finding> {
    let mut seen: BTreeMap<&str, &At> = BTreeMap::new();
    for entry in &entries {
        if let Some(first) = seen.insert(&entry.key, &entry.at) {
            let finding = Finding::new("yaml", &entry.at, "a key that stands there before", "keep one of the two");
            return Err(finding.beside(first));
        }
    }
    Ok(entries)
}

fn place(file: &Arc<str>, marker: &Marker) -> At {
    At { file: file.clone(), line: marker.line(), column: marker.col() + 1 }
}

fn read_text(shelf: &Shelf<'_>, name: &str) -> Result<String, Finding> {
    let bytes = shelf.bytes(name).map_err(|error| {
        Finding::new(
            "file",
            &At::start_of(name),
            format!("cannot be read: {}", error.kind()),
            "name a file that can be read",
        )
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Finding::new("file", &At::start_of(name), "is not UTF-8", "save the file as UTF-8"))?;
    // An editor on another system may have saved a mark; places count from behind it.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

fn read_samples(shelf: &Shelf<'_>, findings: &mut Vec<Finding>) -> (Option<Node>, BTreeMap<String, Node>) {
    let mut samples = BTreeMap::new();
    for name in shelf.below("samples").into_iter().filter(|name| is_sample(name)) {
        let shown = format!("samples/{name}");
        let parse = if is_form(&name) { parse_form } else { parse_jsonc };
        match read_text(shelf, &shown).and_then(|text| parse(&shown, &text)) {
            Ok(node) => drop(samples.insert(name, node)),
            Err(finding) => findings.push(finding),
        }
    }
    (read_list(shelf, "samples/index.yaml", findings), samples)
}

/// A file beside the contract that need not be there.
fn read_list(shelf: &Shelf<'_>, name: &str, findings: &mut Vec<Finding>) -> Option<Node> {
    if !shelf.has(name) {
        return None;
    }
    read_yaml(shelf, name).map_err(|finding| findings.push(finding)).ok()
}

fn is_sample(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "jsonc" || extension == "json") || is_form(name)
}

fn is_form(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "form")
}

/// Reads what a browser posts of a form. Of several values of one name the first counts.
fn parse_form(name: &str, text: &str) -> Result<Node, Finding> {
    let at = At::start_of(name);
    let text = text.trim_end();
    if !text.contains('=') || text.contains(char::is_whitespace) {
        let fix = "write names and values in one line, as `name=value&other=value`";
        return Err(Finding::new("form", &at, "not the text of a form", fix));
    }
    let mut entries: Vec<Entry> = Vec::new();
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        if !entries.iter().any(|entry| entry.key == key) {
            let value = Node { at: at.clone(), kind: Kind::Text(value.into_owned()) };
            entries.push(Entry { key: key.into_owned(), at: at.clone(), value });
        }
    }
    Ok(Node { at, kind: Kind::Map(entries) })
}

/// The files below a folder, by path with forward slashes, whatever the order on disk.
fn files_below(folder: &Path) -> BTreeSet<String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.path().strip_prefix(folder).ok().map(slashed))
        .collect()
}

/// A relative path with forward slashes on every system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Reads JSON with comments and trailing commas; `name` stands in the places.
///
/// # Errors
///
/// The first thing that is no such JSON.
pub fn parse_jsonc(name: &str, text: &str) -> Result<Node, Finding> {
    let file: Arc<str> = name.into();
    let lines = Lines { file: &file, text };
    let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &json_options()).map_err(
        |error| {
            Finding::new(
                "json",
                &lines.at(error.range().start),
                format!("not JSON: {}", error.kind()),
                "mend the sample at this place; comments and trailing commas are read",
            )
        },
    )?;
    match parsed.value {
        Some(value) => Ok(convert_json(&lines, &value)),
        None => Err(Finding::new("json", &At::start_of(name), "an empty sample", "paste the documented payload")),
    }
}

/// What the documented payloads are written in: JSON with comments and trailing commas, and nothing looser.
#[must_use]
pub fn json_options() -> jsonc_parser::ParseOptions {
    jsonc_parser::ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Turns byte offsets into places.
struct Lines<'t> {
    file: &'t Arc<str>,
    text: &'t str,
}

impl Lines<'_> {
    fn at(&self, offset: usize) -> At {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        At { file: self.file.clone(), line, column }
    }
}

fn convert_json(lines: &Lines<'_>, value: &jsonc_parser::ast::Value<'_>) -> Node {
    use jsonc_parser::ast::Value;
    use jsonc_parser::common::Ranged;
    let kind = match value {
        Value::NullKeyword(_) => Kind::Null,
        Value::BooleanLit(literal) => Kind::Bool(literal.value),
        Value::NumberLit(literal) => Kind::Number(literal.value.to_owned()),
        Value::StringLit(literal) => Kind::Text(literal.value.to_string()),
        Value::Array(array) => Kind::List(array.elements.iter().map(|element| convert_json(lines, element)).collect()),
        Value::Object(object) => Kind::Map(
            object
                .properties
                .iter()
                .map(|property| Entry {
                    key: property.name.as_str().to_owned(),
                    at: lines.at(property.range.start),
                    value: convert_json(lines, &property.value),
                })
                .collect(),
        ),
    };
    Node { at: lines.at(value.start()), kind }
}
