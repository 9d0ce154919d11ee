//! The fields of a request that travel outside of its body: in the path, in the query, or as headers.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use zeroize::Zeroizing;

/// What a part of a path and a value of a query is written with: RFC 3986 calls these characters unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The fields of a request that travel outside of its body ([`Operation::parameters`](crate::Operation::parameters)).
#[derive(Default)]
pub struct Parameters {
    fields: Vec<Parameter>,
}

/// One of them.
struct Parameter {
    name: &'static str,
    place: Place,
    value: Result<Zeroizing<String>, NoText>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
}

/// A field of this type is no text, number or flag.
#[derive(Debug)]
struct NoText;

/// A field that cannot travel where it belongs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Untransportable {
    pub(crate) name: &'static str,
    pub(crate) place: &'static str,
}

impl Parameters {
    /// Adds the text, number or flag `value` as the part `{name}` of the path.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        // A part that is not given is empty, and no part of a path is.
        let value = plain_text(value).map(Option::unwrap_or_default);
        self.fields.push(Parameter { name, place: Place::Path, value });
    }

    /// Adds the text, number or flag `value` to the query; nothing if it is `None`.
    pub fn query<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.add(Place::Query, name, value);
    }

    /// Adds the text, number or flag `value` as the header `name` (lower case); nothing if it is `None`.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.add(Place::Header, name, value);
    }

    fn add<T: Serialize + ?Sized>(&mut self, place: Place, name: &'static str, value: &T) {
        if let Some(value) = plain_text(value).transpose() {
            self.fields.push(Parameter { name, place, value });
        }
    }

    /// The path of an operation with its parts filled in, and the query behind it.
    pub(crate) fn address(&self, template: &str) -> Result<Zeroizing<String>, Untransportable> {
        let mut address = Zeroizing::new(String::new());
        for (index, part) in template.split('/').enumerate() {
            if index > 0 {
                address.push('/');
            }
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) => address.push_str(&self.part(name)?),
                None => address.push_str(part),
            }
        }
        for (index, field) in self.at(Place::Query).enumerate() {
            let text = field.text()?;
            address.push(if index == 0 { '?' } else { '&' });
            address.extend(utf8_percent_encode(field.name, ESCAPED));
            address.push('=');
            address.extend(utf8_percent_encode(text, ESCAPED));
        }
        Ok(address)
    }

    /// The text of a part of the path. `.` and `..` would lead elsewhere, however they are escaped, and nothing between
    /// two slashes is no part.
    fn part(&self, name: &str) -> Result<Zeroizing<String>, Untransportable> {
        let Some(field) = self.at(Place::Path).find(|field| field.name == name) else {
            return Err(Untransportable { name: "of the path that no field gives", place: "a part of the path" });
        };
        let text = field.text()?;
        if matches!(text, "" | "." | "..") {
            return Err(field.untransportable());
        }
        Ok(Zeroizing::new(utf8_percent_encode(text, ESCAPED).to_string()))
    }

    /// The names and texts of those that travel as headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = Result<(&'static str, &str), Untransportable>> {
        self.at(Place::Header).map(|field| {
            let text = field.text()?;
            if survives(text) { Ok((field.name, text)) } else { Err(field.untransportable()) }
        })
    }

    fn at(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.fields.iter().filter(move |field| field.place == place)
    }
}

/// What was sent as the field `name`, by the address that it was sent to.
pub(crate) fn sent_in_address(template: &str, address: &http::Uri, name: &str) -> Option<String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned);
    // A base address may have a path of its own before that of the operation.
    let (parts, sent) = (template.rsplit('/'), address.path().rsplit('/'));
    let is_it = |part: &str| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) == Some(name);
    if let Some((_, sent)) = parts.zip(sent).find(|(part, _)| is_it(part)) {
        return decoded(sent);
    }
    let mut pairs = address.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (decoded(key).as_deref() == Some(name)).then(|| decoded(value))).flatten()
}

impl Parameter {
    fn text(&self) -> Result<&str, Untransportable> {
        self.value.as_ref().map(|text| text.as_str()).map_err(|_| self.untransportable())
    }

    fn untransportable(&self) -> Untransportable {
        let place = match self.place {
            Place::Path => "a part of the path",
            Place::Query => "a part of the query",
            Place::Header => "a header",
        };
        Untransportable { name: self.name, place }
    }
}

/// Shows which fields there are, not what is in them.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameters ")?;
        f.debug_list().entries(self.fields.iter().map(|field| field.name)).finish()
    }
}

/// Does a header carry the text as it is? Of what is not plain ASCII nobody says how it is read, and spaces around a
/// value are cut off on the way: an inquiry would ask for another payment.
pub(crate) fn survives(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') && text.trim_ascii().len() == text.len()
}

/// A scalar's JSON text, unquoted: exact for numbers of any size.
fn plain_text<T: Serialize + ?Sized>(value: &T) -> Result<Option<Zeroizing<String>>, NoText> {
    let json = serde_json::to_string(value).map(Zeroizing::new).map_err(|_| NoText)?;
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(&json).map(|text| Some(Zeroizing::new(text))).map_err(|_| NoText),
        Some(b'{' | b'[') | None => Err(NoText),
        Some(_) => Ok(Some(json).filter(|json| json.as_str() != "null")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Secret};

    #[test]
    fn scalars_travel_as_they_are() {
        let mut parameters = Parameters::default();
        parameters.header("text", "a \"b\"");
        parameters.header("id", &8_013_143_466_i64);
        parameters.header("amount", &"1.00".parse::<Amount>().expect("amount"));
        parameters.header("token", &Secret::from("hush"));
        parameters.header("flag", &Some(true));
        parameters.header("absent", &None::<i32>);
        assert!(!format!("{parameters:?}").contains("hush"));
        let expected =
            [("text", "a \"b\""), ("id", "8013143466"), ("amount", "1.00"), ("token", "hush"), ("flag", "true")];
        assert_eq!(parameters.headers().collect::<Result<Vec<_>, _>>(), Ok(expected.to_vec()));
        assert!(plain_text(&[1]).is_err());
    }

    #[test]
    fn a_path_and_a_query_are_encoded_for_their_places() {
        let mut parameters = Parameters::default();
        parameters.path("id", "a/b ?#%ğ+~");
        parameters.path("day", &7);
        parameters.query("Name", "x&y=z +ü");
        parameters.query("none", &None::<&str>);
        parameters.query("page", &2);
        let address = parameters.address("/wallet/{id}/day/{day}").expect("an address");
        assert_eq!(address.as_str(), "/wallet/a%2Fb%20%3F%23%25%C4%9F%2B~/day/7?Name=x%26y%3Dz%20%2B%C3%BC&page=2");
        assert_eq!(Parameters::default().address("/plain").expect("an address").as_str(), "/plain");
    }

    #[test]
    fn what_was_sent_in_an_address_is_found_again() {
        let address: http::Uri =
            "https://paywall.example/base/wallet/a%2Fb/day?Name=x%26y&page=2".parse().expect("uri");
        for (name, sent) in [("id", Some("a/b")), ("Name", Some("x&y")), ("page", Some("2")), ("other", None)] {
            assert_eq!(sent_in_address("/wallet/{id}/day", &address, name).as_deref(), sent, "{name}");
        }
    }

    #[test]
    fn what_would_lead_elsewhere_is_no_part_of_a_path() {
        for text in ["", ".", ".."] {
            let mut parameters = Parameters::default();
            parameters.path("id", text);
            let refused = parameters.address("/wallet/{id}").expect_err("no part");
            assert_eq!(refused, Untransportable { name: "id", place: "a part of the path" }, "{text:?}");
        }
        let mut parameters = Parameters::default();
        parameters.path("id", &None::<&str>);
        assert!(parameters.address("/wallet/{id}").is_err() && Parameters::default().address("/{id}").is_err());
        parameters.query("list", &[1, 2]);
        assert!(parameters.address("/plain").is_err());
    }
}
