//! How answers are wrapped: where one says that it is a success, where codes, messages and errors stand, and where what
//! it carries stands. The contract says it, once for each envelope; nothing here knows a field by its name.

use crate::ErrorTable;

/// An envelope: what is wrapped around an answer.
///
/// Members are named as in the JSON of the answer, and stand at its root.
///
/// ```
/// use paywall_api::{EnvelopePlaces, SuccessMark};
///
/// /// `{"IsSuccess": true, "IsFailure": false, "Errors": [], "Value": {…}}`
/// static WALLET: EnvelopePlaces = EnvelopePlaces {
///     success: &[SuccessMark::flag("IsSuccess", true), SuccessMark::flag("IsFailure", false).optional()],
///     errors: Some(paywall_api::ErrorPlaces { list: "Errors", code: None, message: None }),
///     payload: Some("Value"),
///     ..EnvelopePlaces::NONE
/// };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EnvelopePlaces {
    /// Where an answer says whether it is a success. An answer whose marks disagree has an unknown outcome.
    pub success: &'static [SuccessMark],
    /// The code of a refusal: a number, or a text.
    pub code: Option<&'static str>,
    /// Which numbering the code is of.
    pub code_type: Option<&'static str>,
    /// The messages for people, the better ones first.
    pub messages: &'static [&'static str],
    /// The list of what went wrong.
    pub errors: Option<ErrorPlaces>,
    /// What a success carries; none where that is the answer itself, with the envelope's members beside its own.
    pub payload: Option<&'static str>,
    /// Whether its members may be written with a small first letter too.
    pub small_letters: bool,
    /// The documented codes that are numbers, one table for each numbering.
    pub codes: &'static [&'static ErrorTable],
    /// The documented codes that are texts.
    pub text_codes: &'static [&'static ErrorTable<&'static str>],
}

impl EnvelopePlaces {
    /// No envelope: the HTTP status alone says whether an answer is a success.
    pub const NONE: Self = Self {
        success: &[],
        code: None,
        code_type: None,
        messages: &[],
        errors: None,
        payload: None,
        small_letters: false,
        codes: &[],
        text_codes: &[],
    };

    /// The JSON pointer of what a success carries.
    pub(crate) fn payload_pointer(&self) -> String {
        let mut pointer = String::new();
        if let Some(member) = self.payload {
            crate::pointer::push(&mut pointer, member);
        }
        pointer
    }

    /// The name of every member that is the envelope's, the payload's included.
    pub fn members(&self) -> impl Iterator<Item = &'static str> {
        let marks = self.success.iter().map(|mark| mark.member);
        let texts = self.messages.iter().copied();
        let others = [self.code, self.code_type, self.errors.map(|errors| errors.list), self.payload];
        marks.chain(texts).chain(others.into_iter().flatten())
    }
}

/// A member of an envelope that says whether the answer is a success.
#[derive(Clone, Copy, Debug)]
pub struct SuccessMark {
    pub(crate) member: &'static str,
    pub(crate) yes: Yes,
    pub(crate) is_required: bool,
}

/// The value that means yes. Any other of its kind means no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yes {
    Flag(bool),
    Number(i64),
    Text(&'static str),
}

impl SuccessMark {
    /// A flag with the value that means yes.
    #[must_use]
    pub const fn flag(member: &'static str, yes: bool) -> Self {
        Self { member, yes: Yes::Flag(yes), is_required: true }
    }

    /// A number with the value that means yes.
    #[must_use]
    pub const fn number(member: &'static str, yes: i64) -> Self {
        Self { member, yes: Yes::Number(yes), is_required: true }
    }

    /// A text with the value that means yes.
    #[must_use]
    pub const fn text(member: &'static str, yes: &'static str) -> Self {
        Self { member, yes: Yes::Text(yes), is_required: true }
    }

    /// The member's name.
    #[must_use]
    pub const fn member(&self) -> &'static str {
        self.member
    }

    /// The same, for a member that an answer may lack. Silence says nothing.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }
}

/// Where the list of what went wrong stands, and in each of its elements the code and the message. An element that is a
/// text is the message itself.
#[derive(Clone, Copy, Debug)]
pub struct ErrorPlaces {
    /// The list.
    pub list: &'static str,
    /// The code of an element: a number, or a text.
    pub code: Option<&'static str>,
    /// The message of an element.
    pub message: Option<&'static str>,
}
