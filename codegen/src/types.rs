//! From the model's objects to Rust structs: progenitor lowers the schemas, typify makes the types.
//!
//! It is given schemas without what it would turn into closed enums, validating newtypes or floats:
//! named scalars and code lists are replaced by types of ours, bounds and conditions are left out.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    AnySchema, ArrayType, BooleanType, Components, Info, IntegerFormat, IntegerType, ObjectType, OpenAPI, ReferenceOr,
    Schema, SchemaData, SchemaKind, StringType, Type, VariantOrUnknownOrEmpty,
};
use paywall_contract::model::{Field, Model, Object, Runtime, Type as Wire};
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{Item, ItemStruct, parse_quote};

use crate::emit::own;
use crate::names;

/// The structs that typify made, by name.
pub type Structs = BTreeMap<String, ItemStruct>;

/// Makes the structs of a model's objects.
///
/// # Errors
///
/// What progenitor or typify could not do, or did otherwise than it was told.
pub fn types(model: &Model) -> Result<Structs, String> {
    let stand_ins = StandIns::of(model);
    let document = schemas_alone(model, &stand_ins);
    let mut settings = progenitor::GenerationSettings::default();
    for name in stand_ins.replaced.values() {
        settings.with_replacement(name, name, std::iter::empty());
    }
    let mut generator = progenitor::Generator::new(&settings);
    generator.generate_tokens(&document).map_err(|error| error.to_string())?;
    let file: syn::File = syn::parse2(generator.get_type_space().to_stream()).map_err(|error| error.to_string())?;
    let made = structs(file)?;
    complete(model, &made, &stand_ins)?;
    let cycles = Cycles::of(model);
    model
        .objects
        .iter()
        .map(|object| Ok((object.name.clone(), cycles.boxed(object, stand_ins.renamed(object, &made)?))))
        .collect()
}

/// The names under which typify gets to know objects, fields and types of ours: it would change some of a contract's,
/// and its own code has names too.
struct StandIns {
    objects: BTreeMap<String, String>,
    replaced: BTreeMap<String, String>,
}

impl StandIns {
    fn of(model: &Model) -> Self {
        let objects = model.objects.iter().enumerate();
        Self {
            objects: objects.map(|(index, object)| (object.name.clone(), format!("T{index}"))).collect(),
            replaced: replacements(model)
                .into_iter()
                .enumerate()
                .map(|(index, name)| (name, format!("R{index}")))
                .collect(),
        }
    }

    /// The struct under its own name, its fields with those of the wire.
    fn renamed(&self, object: &Object, made: &Structs) -> Result<ItemStruct, String> {
        let stand_in = &self.objects[&object.name];
        let mut item = made.get(stand_in).cloned().ok_or_else(|| format!("typify made no `{}`", object.name))?;
        item.ident = names::ident(&object.name);
        for field in &mut item.fields {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let found = name.strip_prefix('f').and_then(|index| object.fields.get(index.parse::<usize>().ok()?));
            let found = found.ok_or_else(|| format!("typify made `{name}` of a field of `{}`", object.name))?;
            let wire = &found.wire;
            field.ident = Some(names::ident(&found.rust));
            field.attrs = vec![parse_quote!(#[serde(rename = #wire)])];
        }
        Rename(self).visit_item_struct_mut(&mut item);
        Ok(item)
    }

    /// What a stand-in stands for.
    fn meant(&self, stand_in: &str) -> Option<syn::Type> {
        let of = |names: &BTreeMap<String, String>| {
            names.iter().find(|(_, other)| *other == stand_in).map(|(name, _)| name.clone())
        };
        let of_contract = |name: &String| !Runtime::ALL.iter().any(|runtime| ours(*runtime) == *name);
        if let Some(name) = of(&self.objects).or_else(|| of(&self.replaced).filter(of_contract)) {
            let path = own(name.strip_prefix(CODE).unwrap_or(&name));
            return Some(parse_quote!(#path));
        }
        let runtime = Runtime::ALL.into_iter().find(|runtime| Some(ours(*runtime)) == of(&self.replaced))?;
        let name = names::ident(runtime.name());
        Some(parse_quote!(#name))
    }
}

struct Rename<'s>(&'s StandIns);

impl VisitMut for Rename<'_> {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if let syn::Type::Path(path) = ty
            && let Some(stand_in) = path.path.get_ident()
            && let Some(meant) = self.0.meant(&stand_in.to_string())
        {
            *ty = meant;
            return;
        }
        visit_type_mut(self, ty);
    }
}

/// What each object holds at once, and not in a list.
struct Cycles<'m>(BTreeMap<&'m str, Vec<&'m str>>);

impl<'m> Cycles<'m> {
    fn of(model: &'m Model) -> Self {
        let held = |object: &'m Object| object.fields.iter().filter_map(|field| held(&field.ty)).collect();
        Self(model.objects.iter().map(|object| (object.name.as_str(), held(object))).collect())
    }

    /// Boxes every field from which its own object can be reached, and no other one. typify boxes one field of each
    /// circle, which one depends on the order of names, and one with an option inside of the box.
    fn boxed(&self, object: &Object, mut item: ItemStruct) -> ItemStruct {
        for (field, made) in object.fields.iter().zip(fields_in_order(object, &mut item)) {
            let Some(target) = held(&field.ty) else { continue };
            let of_contract = own(target);
            let held: syn::Type = if self.leads(target, &object.name) {
                parse_quote!(Box<#of_contract>)
            } else {
                parse_quote!(#of_contract)
            };
            made.ty = if field.is_option() { parse_quote!(Option<#held>) } else { held };
        }
        item
    }

    fn leads(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(name) = waiting.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                waiting.extend(self.0.get(name).into_iter().flatten());
            }
        }
        false
    }
}

/// The object that a value of this type holds as it stands.
fn held(ty: &Wire) -> Option<&str> {
    if let Wire::Object(name) = ty { Some(name) } else { None }
}

/// The fields of a struct in the order of the object's.
fn fields_in_order<'i>(object: &Object, item: &'i mut ItemStruct) -> Vec<&'i mut syn::Field> {
    let place = |field: &syn::Field| {
        object
            .fields
            .iter()
            .position(|model| field.ident.as_ref().is_some_and(|name| *name == names::ident(&model.rust)))
    };
    let mut fields: Vec<&mut syn::Field> = item.fields.iter_mut().collect();
    fields.sort_by_key(|field| place(field));
    fields
}

/// The document that progenitor is given: no paths, and schemas that it holds as we do.
fn schemas_alone(model: &Model, stand_ins: &StandIns) -> OpenAPI {
    let objects = model.objects.iter();
    let objects = objects.map(|object| (stand_ins.objects[&object.name].clone(), object_schema(object, stand_ins)));
    let text = || SchemaKind::Type(Type::String(StringType::default()));
    let replaced = stand_ins.replaced.values().map(|name| (name.clone(), text()));
    let schemas = objects.chain(replaced).map(|(name, kind)| (name, ReferenceOr::Item(schema(kind, false))));
    OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title: "types".to_owned(), version: "1.0.0".to_owned(), ..Info::default() },
        components: Some(Components { schemas: schemas.collect(), ..Components::default() }),
        ..OpenAPI::default()
    }
}

fn schema(schema_kind: SchemaKind, nullable: bool) -> Schema {
    Schema { schema_data: SchemaData { nullable, ..SchemaData::default() }, schema_kind }
}

fn object_schema(object: &Object, stand_ins: &StandIns) -> SchemaKind {
    let fields = || object.fields.iter().enumerate().map(|(index, field)| (format!("f{index}"), field));
    let required = fields().filter(|(_, field)| !field.is_option()).map(|(name, _)| name).collect();
    let properties = fields().map(|(name, field)| (name, boxed(field_schema(field, stand_ins)))).collect();
    SchemaKind::Type(Type::Object(ObjectType { properties, required, ..ObjectType::default() }))
}

/// An optional list admits null, or typify takes an absent one for an empty one.
fn field_schema(field: &Field, stand_ins: &StandIns) -> ReferenceOr<Schema> {
    type_schema(&field.ty, field.is_option() && matches!(field.ty, Wire::List(_)), stand_ins)
}

fn type_schema(ty: &Wire, nullable: bool, stand_ins: &StandIns) -> ReferenceOr<Schema> {
    let integer = |format| {
        let format = VariantOrUnknownOrEmpty::Item(format);
        Type::Integer(IntegerType { format, ..IntegerType::default() })
    };
    let kind = match ty {
        Wire::Text => Type::String(StringType::default()),
        Wire::Bool => Type::Boolean(BooleanType::default()),
        Wire::Int32 => integer(IntegerFormat::Int32),
        Wire::Int64 => integer(IntegerFormat::Int64),
        Wire::List(element) => Type::Array(ArrayType {
            items: Some(boxed(type_schema(element, false, stand_ins))),
            min_items: None,
            max_items: None,
            unique_items: false,
        }),
        Wire::Object(name) => return reference(&stand_ins.objects[name]),
        Wire::Runtime(_) | Wire::Code(_) => {
            return reference(replacement(ty).map(|name| stand_ins.replaced[&name].as_str()).unwrap_or_default());
        }
        // No field is nothing.
        Wire::Nothing => return ReferenceOr::Item(schema(SchemaKind::Any(AnySchema::default()), true)),
    };
    ReferenceOr::Item(schema(SchemaKind::Type(kind), nullable))
}

fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

fn reference(name: &str) -> ReferenceOr<Schema> {
    ReferenceOr::Reference { reference: format!("#/components/schemas/{name}") }
}

/// The names that stand for types of ours: those that some field uses.
fn replacements(model: &Model) -> BTreeSet<String> {
    let fields = model.objects.iter().flat_map(|object| &object.fields);
    fields.filter_map(|field| replacement(&field.ty)).collect()
}

/// The name that stands for a type of ours here: a code list and a type of the runtime may be called alike.
fn replacement(ty: &Wire) -> Option<String> {
    match ty {
        Wire::Runtime(runtime) => Some(ours(*runtime)),
        Wire::Code(name) => Some(format!("{CODE}{name}")),
        Wire::List(element) => replacement(element),
        _ => None,
    }
}

/// What is before the name of a code list.
const CODE: &str = "code list ";

fn ours(runtime: Runtime) -> String {
    format!("runtime {}", runtime.name())
}

/// Keeps the structs; typify's conversions and its error module are not used.
fn structs(file: syn::File) -> Result<Structs, String> {
    let mut structs = Structs::new();
    for item in file.items {
        match item {
            Item::Struct(item) => drop(structs.insert(item.ident.to_string(), item)),
            Item::Impl(_) | Item::Mod(_) | Item::Use(_) => {}
            Item::Enum(item) => return Err(format!("typify made the enum `{}` of an object", item.ident)),
            Item::Type(item) => return Err(format!("typify made the alias `{}` of an object", item.ident)),
            _ => return Err("typify made an item of an unknown kind".to_owned()),
        }
    }
    Ok(structs)
}

/// Every object became a struct with all its fields, and every replacement was used.
fn complete(model: &Model, structs: &Structs, stand_ins: &StandIns) -> Result<(), String> {
    if structs.len() != model.objects.len() {
        return Err(format!("typify made {} structs of {} objects", structs.len(), model.objects.len()));
    }
    for object in &model.objects {
        let made = structs.get(&stand_ins.objects[&object.name]);
        let made = made.ok_or_else(|| format!("typify made no `{}`", object.name))?;
        if made.fields.len() != object.fields.len() {
            return Err(format!("typify made `{}` with {} fields", object.name, made.fields.len()));
        }
    }
    let text = structs.values().map(|item| quote::quote!(#item).to_string()).collect::<Vec<_>>().join(" ");
    let words: BTreeSet<&str> = text.split(|char: char| !char.is_alphanumeric() && char != '_').collect();
    match stand_ins.replaced.iter().find(|(_, stand_in)| !words.contains(stand_in.as_str())) {
        Some((name, _)) => Err(format!("the replacement of the {name} took no effect")),
        None => Ok(()),
    }
}
