//! What can be wrong with a payload, and how is it said?

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One thing that is wrong with a payload. No text in it holds a value that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule is broken.
    pub rule: Rule,
    /// Whether the payload is wrong, or only looks it.
    pub severity: Severity,
    /// Where: bytes of the payload's text. For what is missing, where the object begins.
    pub span: Range<usize>,
    /// Where: a JSON pointer into the payload. A key that may hold a secret is masked in it.
    pub pointer: String,
    /// What stands there, masked: `a text of 16 characters`.
    pub found: String,
    /// What the contract wants there.
    pub expected: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The page that says so.
    pub page: Option<String>,
    /// Other places that belong to it, each with what it has to do with it.
    pub related: Vec<Related>,
}

/// A second place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Bytes of the payload's text.
    pub span: Range<usize>,
    /// What stands there.
    pub label: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The payload breaks a rule of the contract.
    Error,
    /// The payload keeps the contract, and is probably not meant so.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),* $(,)?) => {
        /// A rule that a payload can break. Its name is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $name),*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in every output.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text),*
                }
            }

            /// What it asks, in a sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+)),*
                }
            }
        }
    };
}

rules! {
    /// A value has the JSON type that the contract documents.
    Type = "type",
    /// A number is written as a number, and not as a text.
    NumberInText = "number-in-text",
    /// A text is written as a text, and not as a number: leading zeros would be lost.
    TextAsNumber = "text-as-number",
    /// A true or false is written as such, and not as a text or a number.
    BooleanInText = "boolean-in-text",
    /// A whole number is written without a fraction or an exponent.
    WholeNumber = "whole-number",
    /// An amount is written in at most 28 plain digits, without an exponent.
    PlainNumber = "plain-number",
    /// A whole number fits into the bits that the contract gives it.
    NumberRange = "number-range",
    /// A field that is documented as nullable alone may be null.
    Null = "null",
    /// A required field is there.
    Required = "required",
    /// A text is at least as long as documented.
    MinLength = "min-length",
    /// A text is at most as long as documented.
    MaxLength = "max-length",
    /// A list has at least as many items as documented.
    MinItems = "min-items",
    /// A list has at most as many items as documented.
    MaxItems = "max-items",
    /// A number is at least what is documented.
    Minimum = "minimum",
    /// A number is at most what is documented.
    Maximum = "maximum",
    /// A text has the documented form.
    Pattern = "pattern",
    /// A date or time names a moment that exists.
    Time = "time",
    /// An id that the pages call a GUID is one.
    Guid = "guid",
    /// One of the documented ways of a condition holds.
    Condition = "condition",
    /// A value is one of a closed list.
    Enum = "enum",
    /// A code is on its documented list; the list is open.
    UnknownCode = "unknown-code",
    /// A field is documented.
    UnknownField = "unknown-field",
    /// A field is written in its documented case.
    FieldCase = "field-case",
    /// A field stands once in an object.
    DuplicateField = "duplicate-field",
    /// A number keeps its digits in a reader that takes it for a double.
    LostPrecision = "lost-precision",
    /// What is sent is JSON without comments and without a comma behind the last of a list or object.
    NotStrict = "not-strict",
    /// A text came as UTF-8, and holds no U+FFFD in place of what could not be read.
    NotUtf8 = "not-utf8",
    /// No placeholder of a template is left.
    Placeholder = "placeholder",
    /// The parts add up to the whole.
    Sum = "sum",
    /// A card has not expired.
    CardExpired = "card-expired",
    /// A month of a card is one of twelve, and its year one of this age.
    CardExpiry = "card-expiry",
    /// Of several ways to say one thing, one is used.
    AtMostOne = "at-most-one",
    /// The contract and the Rust type say the same of a payload. A finding is a defect of this project.
    TypeDisagrees = "type-disagrees",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
