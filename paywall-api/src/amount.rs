//! How is money held? Exactly: decimal digits as they stand on the wire, never a float.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::quietly;

/// An exact decimal number: an amount of money, a rate, a share.
///
/// - On the wire it is a JSON number in major units (`101.50` is one hundred and one lira and fifty kuruş).
/// - Its scale is kept: `1.00` is written back as `1.00`. Comparison is by value: `1.00` equals `1`.
/// - It holds up to 28 digits. More digits, an exponent (`1e2`) or a quoted number are an error,
///   since nothing may round or guess.
/// - A negative zero keeps its sign and is written back as it came; it equals zero.
///
/// There is no conversion from or to a float, and none from a bare integer, which may count lira as well as kuruş: read
/// a text, or name the unit with [`from_major`](Amount::from_major) or [`from_minor`](Amount::from_minor). It is read from JSON text alone: inside `#[serde(flatten)]` and
/// untagged enums, and through `serde_json::Value`, the digits of a number are gone before anyone could keep them.
///
/// ```
/// use paywall_api::Amount;
///
/// let price: Amount = "101.50".parse()?;
/// assert_eq!(price.to_string(), "101.50");
/// assert_eq!(Amount::from_minor(10150), price);
/// assert_eq!(Amount::from_major(101).to_string(), "101.00");
/// assert_eq!(serde_json::to_string(&price).ok(), Some("101.50".to_owned()));
/// # Ok::<(), paywall_api::AmountError>(())
/// ```
///
/// Is this one lira or a hundred? It does not compile:
///
/// ```compile_fail,E0277
/// let price = paywall_api::Amount::from(100);
/// ```
///
/// ```compile_fail,E0277
/// let price: paywall_api::Amount = 100_i64.into();
/// ```
#[derive(Clone, Copy)]
pub struct Amount {
    decimal: Decimal,
}

impl Amount {
    /// Zero, without decimals.
    pub const ZERO: Self = Self { decimal: Decimal::ZERO };

    /// Returns the amount of whole lira, euros or dollars, with two decimals: `from_major(100)` is 100.00.
    #[must_use]
    pub fn from_major(units: i64) -> Self {
        // Of 96 bits 64 and a factor of a hundred take 71.
        Self { decimal: Decimal::from_i128_with_scale(i128::from(units) * 100, 2) }
    }

    /// Returns the amount of kuruş or cents, a hundredth each: `from_minor(10150)` is 101.50.
    ///
    /// For currencies without two decimals there is [`from_scaled`](Amount::from_scaled).
    #[must_use]
    pub fn from_minor(units: i64) -> Self {
        Self { decimal: Decimal::new(units, 2) }
    }

    /// Returns the amount of `units` of `scale` decimals each: `from_scaled(10150, 3)` is 10.150.
    ///
    /// Returns `None` if `scale` is greater than 28.
    #[must_use]
    pub fn from_scaled(units: i64, scale: u32) -> Option<Self> {
        let decimal = Decimal::try_new(units, scale).ok()?;
        Some(Self { decimal })
    }

    /// Returns this amount in kuruş or cents, or `None` if that would lose something: 1.5 is 150.
    #[must_use]
    pub fn to_minor(self) -> Option<i64> {
        self.to_scaled(2)
    }

    /// Returns this amount in units of `scale` decimals, or `None` if that would lose something: 1.5 is 1500 of scale 3.
    #[must_use]
    pub fn to_scaled(self, scale: u32) -> Option<i64> {
        let mut rescaled = self.decimal;
        rescaled.rescale(scale);
        let exact = rescaled.scale() == scale && rescaled == self.decimal;
        exact.then(|| rescaled.mantissa()).and_then(|units| i64::try_from(units).ok())
    }

    /// The number as a [`Decimal`], for arithmetic.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        self.decimal
    }

    /// How many decimals are written: 2 for `1.00`.
    #[must_use]
    pub fn scale(self) -> u32 {
        self.decimal.scale()
    }

    /// Is this zero, of either sign?
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.decimal.is_zero()
    }

    /// The exact sum, with the larger of the two scales; none where it cannot be held exactly.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let sum = self.decimal.checked_add(other.decimal)?;
        Self::exactly(sum, self.scale().max(other.scale()))
    }

    /// The exact difference, with the larger of the two scales; none where it cannot be held exactly.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let difference = self.decimal.checked_sub(other.decimal)?;
        Self::exactly(difference, self.scale().max(other.scale()))
    }

    /// The exact sum of all; none where it cannot be held exactly.
    ///
    /// Paywall refuses a payment whose products do not sum up to its amount.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// `decimal` at `scale`, unless the arithmetic had to round to make it fit.
    fn exactly(mut decimal: Decimal, scale: u32) -> Option<Self> {
        decimal.rescale(scale);
        (decimal.scale() == scale).then_some(Self { decimal })
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Reads what JSON calls a number, without an exponent.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        if !is_plain_number(text) {
            return Err(AmountError::NotPlain);
        }
        let mut decimal = Decimal::from_str_exact(text).map_err(|_| AmountError::TooLong)?;
        // Parsing drops the sign of a negative zero, which is to be written back as it came.
        decimal.set_sign_negative(text.starts_with('-'));
        Ok(Self { decimal })
    }
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?`: one spelling a number, so that what is read is written back the same.
fn is_plain_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    digits(whole) && digits(decimals) && (whole == "0" || !whole.starts_with('0'))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.decimal, f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.decimal)
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.decimal == other.decimal
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        self.decimal.cmp(&other.decimal)
    }
}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.decimal.hash(state);
    }
}

impl From<Decimal> for Amount {
    fn from(decimal: Decimal) -> Self {
        Self { decimal }
    }
}

impl From<Amount> for Decimal {
    fn from(amount: Amount) -> Self {
        amount.decimal
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string())
            .map_err(|_| ser::Error::custom(AmountError::NotPlain))?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// Reads from JSON text alone: only there does a number still have its digits.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = quietly(Box::<RawValue>::deserialize(deserializer))?;
        raw.get().parse().map_err(de::Error::custom)
    }
}

/// Why a text is no [`Amount`]. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountError {
    /// Not a JSON number, or one with an exponent, or a quoted one.
    NotPlain,
    /// More digits than can be held exactly.
    TooLong,
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotPlain => "expected a plain decimal number such as 101.50, unquoted and without an exponent",
            Self::TooLong => "expected at most 28 digits: more cannot be held exactly",
        })
    }
}

impl std::error::Error for AmountError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().expect(text)
    }

    #[test]
    fn text_is_kept_to_the_digit() {
        for text in [
            "0",
            "0.0",
            "1.00",
            "50",
            "101.5",
            "0.1",
            "30.60",
            "249961.82",
            "-0",
            "-0.00",
            "-12.340",
            "9007199254740993.10",
            "79228162514264337593543950335",
            "0.0000000000000000000000000001",
        ] {
            assert_eq!(amount(text).to_string(), text);
            let read: Amount = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&read).expect(text), text);
        }
    }

    #[test]
    fn what_cannot_be_held_is_refused() {
        for text in
            ["", "-", "+1", ".5", "5.", "01", "1e2", "1E2", "1_000", "1,5", " 1", "\"1.00\"", "null", "NaN", "0x1"]
        {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::NotPlain), "{text}");
        }
        for text in ["79228162514264337593543950336", "0.00000000000000000000000000001"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::TooLong), "{text}");
        }
        for json in ["\"1.00\"", "1e2", "null", "true", "{}", "[1]"] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn refusals_do_not_repeat_the_value() {
        let error = serde_json::from_str::<Amount>("\"4111111111111111\"").expect_err("quoted");
        assert!(!error.to_string().contains("4111"));
    }

    #[test]
    fn options_and_lists_read_amounts() {
        assert_eq!(serde_json::from_str::<Option<Amount>>("null").expect("null"), None);
        let list: Vec<Amount> = serde_json::from_str("[1.00, 2.5]").expect("list");
        assert_eq!(serde_json::to_string(&list).expect("list"), "[1.00,2.5]");
    }

    #[test]
    fn comparison_is_by_value() {
        assert_eq!(amount("1.00"), amount("1"));
        assert_eq!(amount("-0.0"), Amount::ZERO);
        assert!(amount("-0.01") < Amount::ZERO);
        assert!(amount("10") > amount("9.99"));
    }

    #[test]
    fn sums_are_exact_or_none() {
        assert_eq!(Amount::sum([amount("0.10"), amount("0.2")]).map(|s| s.to_string()), Some("0.30".to_owned()));
        assert_eq!(Amount::sum([amount("0.00"), amount("1")]).map(|s| s.to_string()), Some("1.00".to_owned()));
        assert_eq!(amount("79228162514264337593543950335").checked_add(amount("1")), None);
        assert_eq!(amount("79228162514264337593543950334").checked_add(amount("0.1")), None);
        assert_eq!(amount("1").checked_sub(amount("0.01")), Some(amount("0.99")));
    }

    #[test]
    fn minor_units_go_both_ways() {
        assert_eq!(Amount::from_minor(10150).to_string(), "101.50");
        assert_eq!(Amount::from_minor(-5).to_string(), "-0.05");
        assert_eq!(Amount::from_scaled(10150, 3).map(|a| a.to_string()), Some("10.150".to_owned()));
        assert_eq!(Amount::from_scaled(1, 29), None);
        assert_eq!((amount("101.5").to_minor(), amount("101.5").to_scaled(3)), (Some(10150), Some(101_500)));
        assert_eq!(amount("0.001").to_minor(), None);
        assert_eq!(amount("-0.0").to_minor(), Some(0));
    }

    #[test]
    fn whole_units_are_a_hundred_minor_ones_however_many() {
        assert_eq!(Amount::from_major(100).to_string(), "100.00");
        for units in [0, 1, -1, 9_007_199_254_740_993, i64::MAX, i64::MIN] {
            assert_eq!(Amount::from_major(units).to_string(), format!("{units}.00"));
            assert_eq!(Amount::from_minor(units).to_scaled(2), Some(units));
        }
    }
}
