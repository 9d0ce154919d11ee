//! From a checked document to the model: every reference followed, every name decided.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{self, OperationNode, SchemaKind, SchemaNode};
use crate::finding::{Finding, Findings};
use crate::model::{
    Api, Bounds, Code, CodeList, Condition, Doc, Echo, Envelope, ErrorList, Expiry, Field, Hash, Input, KeyPair,
    Literal, Message, Model, Money, Object, Operation, Path, Place, Refusal, Retry, Service, Session, Step,
    SuccessMark, Sum, Type, Way,
};
use crate::names;
use crate::node::{At, Entry, Node};
use crate::pointer;
use crate::read::Document;
use crate::schema::{self, Form};

/// Lowers a document that passed every check.
///
/// # Errors
///
/// What the checks should have refused: a fault of the generator, told with its place.
pub fn lower(document: &Document) -> Result<Model, Findings> {
    Lowering { document, objects: BTreeMap::new() }.model().map_err(|finding| Findings::new(vec![finding]))
}

struct Lowering<'d> {
    document: &'d Document,
    objects: BTreeMap<String, Object>,
}

/// What a field or a body was found to be.
struct Value {
    ty: Type,
    nullable: bool,
    bounds: Bounds,
}

impl<'d> Lowering<'d> {
    fn model(mut self) -> Result<Model, Finding> {
        let schemas = document::schemas(self.document);
        for named in schemas.iter().filter(|named| named.kind() == SchemaKind::Object && !named.is_envelope()) {
            self.object(named.name.to_owned(), named.module(), named.file, named.node)?;
        }
        let mut services = self.services()?;
        let messages = messages(self.document);
        self.mark_directions(&services, &messages);
        for operation in services.iter_mut().flat_map(|service| &mut service.operations) {
            if let Some(node) = self.node_of(&operation.id) {
                self.finish(node, operation)?;
            }
        }
        self.name_parts(&services);
        let info = self.document.root().get("info");
        let text = |key: &str| info.and_then(|info| info.text_of(key)).unwrap_or_default().to_owned();
        Ok(Model {
            title: text("title"),
            version: text("version"),
            apis: apis(self.document),
            pairs: pairs(self.document),
            envelopes: document::envelopes(self.document).iter().map(|one| envelope(self.document, one)).collect(),
            tags: tags(self.document),
            services,
            messages,
            hash_formats: hash_formats(self.document),
            lists: schemas.iter().filter(|named| named.kind() == SchemaKind::CodeList).map(code_list).collect(),
            objects: in_contract_order(&schemas, self.objects),
        })
    }

    /// The struct of an object's required fields gives way to a type of the contract.
    fn name_parts(&mut self, services: &[Service]) {
        let mut taken: BTreeSet<String> = self.objects.keys().cloned().collect();
        taken.extend(document::schemas(self.document).iter().map(|named| named.name.to_owned()));
        for service in services {
            taken.insert(names::pascal(&service.name));
            taken.extend(service.operations.iter().map(|operation| operation.type_name.clone()));
        }
        for object in self.objects.values_mut() {
            object.parts = names::free(format!("New{}", object.name), &taken);
        }
    }

    fn object(&mut self, name: String, module: &str, file: &'d str, node: &'d Node) -> Result<(), Finding> {
        let required = texts(node.get("required"));
        let mut fields = Vec::new();
        let properties = node.get("properties").map(Node::entries).unwrap_or_default();
        let names = names::fields(properties.iter().map(|entry| entry.key.as_str()));
        for (entry, rust) in properties.iter().zip(names) {
            let value = self.value(&name, &entry.key, module, file, &entry.value)?;
            fields.push(Field {
                wire: entry.key.clone(),
                rust,
                doc: self.field_doc(file, &entry.value),
                ty: value.ty,
                required: required.contains(&entry.key),
                nullable: value.nullable,
                bounds: value.bounds,
                place: None,
            });
        }
        let object = Object {
            name: name.clone(),
            module: module.to_owned(),
            doc: doc(node),
            fields,
            conditions: schema::conditions(node).into_iter().map(condition).collect(),
            at_most_one: texts(node.get("x-at-most-one")),
            decided_by: node.text_of("x-decided-by").map(str::to_owned),
            sum: node.get("x-sum").map(sum),
            expiry: node.get("x-expiry").map(expiry),
            in_request: false,
            in_answer: false,
            session: node.get("x-session").map(session),
            parts: String::new(),
        };
        self.objects.insert(name, object);
        Ok(())
    }

    /// What stands at a property. An object that stands there inline becomes a named one.
    fn value(
        &mut self,
        parent: &str,
        property: &str,
        module: &str,
        file: &'d str,
        node: &'d Node,
    ) -> Result<Value, Finding> {
        let read = schema::read(node)?;
        let own = schema::bounds(node);
        let (ty, bounds) = match read.form {
            Form::Object => {
                let name = names::inline(parent, property);
                self.object(name.clone(), module, file, node)?;
                (Type::Object(name), Bounds::default())
            }
            Form::List(items) => {
                let element = self.value(parent, property, module, file, items)?;
                (Type::List(Box::new(element.ty)), own)
            }
            Form::Scalar(ty) => (ty, own),
            Form::Reference(target) => self.reference(file, target)?,
            Form::EitherCode(targets) => match targets.first() {
                Some(first) => (self.either_code(file, first)?, Bounds::default()),
                None => return Err(unexpected(&node.at)),
            },
        };
        Ok(Value { ty, nullable: read.nullable, bounds })
    }

    fn reference(&self, file: &str, target: &Node) -> Result<(Type, Bounds), Finding> {
        let text = target.text().unwrap_or_default();
        let named = document::named(self.document, file, text).ok_or_else(|| unexpected(&target.at))?;
        match named.kind() {
            SchemaKind::Object => Ok((Type::Object(named.name.to_owned()), Bounds::default())),
            SchemaKind::CodeList => Ok((Type::Code(named.name.to_owned()), Bounds::default())),
            SchemaKind::Scalar => match schema::read(named.node)?.form {
                Form::Scalar(ty) => Ok((ty, schema::bounds(named.node))),
                _ => Err(unexpected(named.at)),
            },
        }
    }

    /// A code of several lists has no list to be named after: it is a number or a text.
    fn either_code(&self, file: &str, target: &Node) -> Result<Type, Finding> {
        let named = document::named(self.document, file, target.text().unwrap_or_default());
        Ok(schema::base_of(named.ok_or_else(|| unexpected(&target.at))?.node))
    }

    /// What is said of a field; a bare reference speaks with the words of its target.
    fn field_doc(&self, file: &str, node: &Node) -> Doc {
        let target = node.text_of("$ref").and_then(|text| document::named(self.document, file, text));
        let mut doc = doc(target.map_or(node, |named| named.node));
        doc.page = None;
        doc.source = node.text_of("x-source").map(str::to_owned);
        doc
    }

    fn services(&mut self) -> Result<Vec<Service>, Finding> {
        let tags = tags(self.document).into_iter();
        let mut services: Vec<Service> =
            tags.map(|(name, doc)| Service { name, doc, operations: Vec::new() }).collect();
        for operation in document::operations(self.document) {
            let tag = operation.node.get("tags").and_then(|tags| tags.elements().first()?.text()).unwrap_or_default();
            let lowered = self.operation(tag, &operation)?;
            if let Some(service) = services.iter_mut().find(|service| service.name == tag) {
                service.operations.push(lowered);
            }
        }
        services.retain(|service| !service.operations.is_empty());
        Ok(services)
    }

    fn operation(&mut self, tag: &str, operation: &OperationNode<'d>) -> Result<Operation, Finding> {
        let node = operation.node;
        let id = operation.id().to_owned();
        let type_name = names::pascal(&id);
        let answer = operation.answer_in(self.document).ok_or_else(|| unexpected(operation.at))?;
        Ok(Operation {
            method: operation.method(),
            doc: Doc {
                summary: node.text_of("summary").unwrap_or_default().to_owned(),
                text: node.text_of("description").unwrap_or_default().to_owned(),
                ..doc(node)
            },
            verb: operation.verb.to_uppercase(),
            path: operation.path.to_owned(),
            api: api_of(self.document, operation.item),
            pair: pair_of(self.document, node),
            retry: retry(node),
            money: None,
            input: self.input(tag, &type_name, operation)?,
            envelope: answer.envelope.map(|envelope| envelope.name.to_owned()),
            answer: self.answer(tag, &type_name, operation.file, answer.payload)?,
            refusals: Vec::new(),
            success: node.get("x-success").map(Node::elements).unwrap_or_default().iter().map(success).collect(),
            echoes: node.get("x-echo").map(Node::elements).unwrap_or_default().iter().map(echo).collect(),
            bank_error: Vec::new(),
            id,
            type_name,
        })
    }

    fn answer(
        &mut self,
        tag: &str,
        type_name: &str,
        file: &'d str,
        payload: Option<&'d Node>,
    ) -> Result<Type, Finding> {
        match payload.filter(|payload| !document::says_nothing(payload)) {
            Some(payload) => Ok(self.value(type_name, "Answer", tag, file, payload)?.ty),
            None => Ok(Type::Nothing),
        }
    }

    fn input(&mut self, tag: &str, type_name: &str, operation: &OperationNode<'d>) -> Result<Input, Finding> {
        let body = match operation.body() {
            Some(body) => match self.value(type_name, "Request", tag, operation.file, body)?.ty {
                Type::Object(name) => Some(name),
                _ => return Err(unexpected(&body.at)),
            },
            None => None,
        };
        let parameters = match operation.node.get("parameters") {
            Some(list) => Some(self.parameters(tag, &document::name_of_parameters(operation), operation, list)?),
            None => None,
        };
        Ok(match (parameters, body) {
            (Some(parameters), Some(body)) => Input::Both { parameters, body },
            (Some(parameters), None) => Input::Parameters(parameters),
            (None, Some(body)) => Input::Body(body),
            (None, None) => Input::Nothing,
        })
    }

    /// Inputs that travel outside of a body, as one object.
    fn parameters(
        &mut self,
        tag: &str,
        name: &str,
        operation: &OperationNode<'d>,
        list: &'d Node,
    ) -> Result<String, Finding> {
        let mut fields = Vec::new();
        let names = names::fields(list.elements().iter().map(document::readable_name));
        for (parameter, rust) in list.elements().iter().zip(names) {
            let wire = parameter.text_of("name").unwrap_or_default();
            let schema = parameter.get("schema").ok_or_else(|| unexpected(&parameter.at))?;
            let value = self.value(name, wire, tag, operation.file, schema)?;
            fields.push(Field {
                wire: wire.to_owned(),
                rust,
                doc: doc(parameter),
                ty: value.ty,
                required: parameter.is_true("required"),
                nullable: false,
                bounds: value.bounds,
                place: Some(place(parameter)),
            });
        }
        let object = Object {
            name: name.to_owned(),
            module: tag.to_owned(),
            doc: Doc {
                summary: format!("The input of `{}`, which travels {}.", operation.id(), travels(&fields)),
                page: doc(operation.node).page,
                ..Doc::default()
            },
            fields,
            conditions: Vec::new(),
            at_most_one: Vec::new(),
            decided_by: None,
            sum: None,
            expiry: None,
            in_request: true,
            in_answer: false,
            session: None,
            parts: String::new(),
        };
        self.objects.insert(name.to_owned(), object);
        Ok(name.to_owned())
    }

    /// Marks which objects a caller builds and which an answer holds.
    fn mark_directions(&mut self, services: &[Service], messages: &[Message]) {
        let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
        for operation in services.iter().flat_map(|service| &service.operations) {
            for name in operation.input.objects() {
                self.reach(&Type::Object(name.to_owned()), &mut sent);
            }
            self.reach(&operation.answer, &mut received);
        }
        for message in messages {
            self.reach(&Type::Object(message.object.clone()), &mut received);
        }
        for object in self.objects.values_mut() {
            object.in_request = sent.contains(&object.name);
            object.in_answer = received.contains(&object.name);
            if object.in_answer && !object.in_request {
                object.fields.iter_mut().for_each(|field| widen(&mut field.ty));
            }
        }
    }

    fn reach(&self, ty: &Type, reached: &mut BTreeSet<String>) {
        match ty {
            Type::List(element) => self.reach(element, reached),
            Type::Object(name) if reached.insert(name.clone()) => {
                let fields = self.objects.get(name).map(|object| object.fields.as_slice()).unwrap_or_default();
                for field in fields {
                    self.reach(&field.ty, reached);
                }
            }
            _ => {}
        }
    }

    fn node_of(&self, id: &str) -> Option<&'d Node> {
        document::operations(self.document).into_iter().find(|operation| operation.id() == id).map(|found| found.node)
    }

    /// The facts of an operation that name places in its objects.
    fn finish(&self, node: &Node, operation: &mut Operation) -> Result<(), Finding> {
        if node.is_true("x-moves-money") {
            operation.money = Some(self.money(node, &operation.input)?);
        }
        let Type::Object(answer) = operation.answer.clone() else { return Ok(()) };
        for refusal in node.get("x-refusal").map(Node::elements).unwrap_or_default() {
            operation.refusals.push(self.refusal(&answer, refusal)?);
        }
        for entry in node.get("x-bank-error").map(Node::entries).unwrap_or_default() {
            operation.bank_error.push((entry.key.clone(), self.path(&answer, &entry.value)?));
        }
        Ok(())
    }

    fn money(&self, node: &Node, input: &Input) -> Result<Money, Finding> {
        let pointer = node.get("x-merchant-code").ok_or_else(|| unexpected(&node.at))?;
        let merchant_code = if document::is_given_by_caller(pointer) {
            None
        } else {
            let (Input::Body(name) | Input::Parameters(name) | Input::Both { body: name, .. }) = input else {
                return Err(unexpected(&pointer.at));
            };
            Some(self.path(name, pointer)?)
        };
        let inquiry = node.text_of("x-inquiry").filter(|inquiry| *inquiry != "none").map(str::to_owned);
        Ok(Money { merchant_code, effect: node.text_of("x-effect").map(str::to_owned), inquiry })
    }

    fn refusal(&self, answer: &str, node: &Node) -> Result<Refusal, Finding> {
        let path = |key: &str| self.path(answer, node.get(key).ok_or_else(|| unexpected(&node.at))?);
        let code = path("code")?;
        Ok(Refusal {
            who: node.text_of("who").unwrap_or_default().to_owned(),
            status: path("status")?,
            accepted: node
                .get("accepted")
                .map(Node::elements)
                .unwrap_or_default()
                .iter()
                .filter_map(Node::int)
                .collect(),
            harmless: self.harmless(&code.end),
            code,
            message: path("message")?,
        })
    }

    /// The codes of a textual list that prove that nothing was charged.
    fn harmless(&self, ty: &Type) -> Vec<String> {
        let Type::Code(list) = ty else { return Vec::new() };
        let schemas = document::schemas(self.document);
        let lists = schemas.iter().filter(|named| named.name == list).map(code_list);
        let codes = lists.flat_map(|list| list.codes).filter(|code| code.nothing_charged);
        codes.filter_map(|code| if let Literal::Text(text) = code.value { Some(text) } else { None }).collect()
    }

    fn path(&self, object: &str, pointer: &Node) -> Result<Path, Finding> {
        let mut steps = Vec::new();
        let mut end = Type::Object(object.to_owned());
        for segment in pointer::segments(pointer.text().unwrap_or_default()) {
            let Type::Object(name) = &end else { return Err(unexpected(&pointer.at)) };
            let fields = self.objects.get(name).map(|object| object.fields.as_slice()).unwrap_or_default();
            let field = fields.iter().find(|field| field.wire == segment).ok_or_else(|| unexpected(&pointer.at))?;
            steps.push(Step { field: field.rust.clone(), optional: field.is_option() });
            end = field.ty.clone();
        }
        Ok(Path { pointer: pointer.text().unwrap_or_default().to_owned(), steps, end })
    }
}

fn place(parameter: &Node) -> Place {
    match parameter.text_of("in") {
        Some("path") => Place::Path,
        Some("query") => Place::Query,
        _ => Place::Header,
    }
}

/// How inputs travel, in words.
fn travels(fields: &[Field]) -> String {
    let places = [(Place::Path, "in the path"), (Place::Query, "in the query"), (Place::Header, "as headers")];
    let used = places.iter().filter(|(place, _)| fields.iter().any(|field| field.place == Some(*place)));
    used.map(|(_, words)| *words).collect::<Vec<_>>().join(" and ")
}

fn tags(document: &Document) -> Vec<(String, Doc)> {
    let tags = document.root().get("tags").map(Node::elements).unwrap_or_default();
    tags.iter().map(|tag| (tag.text_of("name").unwrap_or_default().to_owned(), doc(tag))).collect()
}

fn messages(document: &Document) -> Vec<Message> {
    let messages = document::messages(document);
    messages
        .iter()
        .filter_map(|message| {
            let claim = message.node.get("x-claim").map(Node::entries).unwrap_or_default();
            Some(Message {
                id: message.id().to_owned(),
                object: message.object(document)?.name.to_owned(),
                is_form: message.is_form(),
                subject: message.node.get("x-claim")?.text_of("subject")?.to_owned(),
                claim: named_texts(claim).filter(|(name, _)| name != "subject").collect(),
                hash: message.node.get("x-hash").map(hash),
            })
        })
        .collect()
}

fn hash(node: &Node) -> Hash {
    let text = |key: &str| node.text_of(key).map(str::to_owned);
    Hash {
        hash: text("hash").unwrap_or_default(),
        format: text("format"),
        key_type: text("key_type"),
        usual_format: text("usual_format").unwrap_or_default(),
        usual_key_type: node.get("usual_key_type").and_then(Node::int).unwrap_or_default(),
        parts: named_texts(node.get("parts").map(Node::entries).unwrap_or_default()).collect(),
    }
}

fn named_texts(entries: &[Entry]) -> impl Iterator<Item = (String, String)> {
    entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.value.text()?.to_owned())))
}

fn hash_formats(document: &Document) -> Vec<(String, Vec<String>)> {
    let formats = document::hash_formats(document).iter();
    formats.map(|format| (format.text_of("name").unwrap_or_default().to_owned(), texts(format.get("parts")))).collect()
}

/// A number that outgrows 32 bits in some corner of an answer must not make the rest of it unreadable.
fn widen(ty: &mut Type) {
    match ty {
        Type::Int32 => *ty = Type::Int64,
        Type::List(element) => widen(element),
        _ => {}
    }
}

fn unexpected(at: &At) -> Finding {
    Finding::new(
        "lowering",
        at,
        "this cannot be lowered, though every rule let it pass",
        "report it with the contract: a rule is missing in codegen/contract/src/check",
    )
}

fn texts(list: Option<&Node>) -> Vec<String> {
    let elements = list.map(Node::elements).unwrap_or_default();
    elements.iter().filter_map(Node::text).map(str::to_owned).collect()
}

/// Splits a description: its first sentence is the summary.
fn doc(node: &Node) -> Doc {
    let whole = node.text_of("description").unwrap_or_default().trim();
    let (summary, text) = whole.split_once('\n').unwrap_or((whole, ""));
    // A block of code has no sentence.
    let is_code = whole.starts_with("```") || whole.starts_with("~~~");
    let (summary, text) = if is_code { ("", whole) } else { (summary, text) };
    let (summary, rest) = first_sentence(summary);
    let text = [rest, text].map(str::trim).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    Doc {
        summary: summary.to_owned(),
        text,
        page: node.get("externalDocs").and_then(|page| page.text_of("url")).map(str::to_owned),
        source: node.text_of("x-source").map(str::to_owned),
    }
}

fn first_sentence(line: &str) -> (&str, &str) {
    match line.split_once(". ") {
        Some((first, _)) => (&line[..=first.len()], &line[first.len() + 1..]),
        None => (line, ""),
    }
}

fn condition(branches: &[Node]) -> Condition {
    Condition { ways: branches.iter().map(way).collect() }
}

fn way(branch: &Node) -> Way {
    let fields = branch.get("properties").map(Node::entries).unwrap_or_default();
    Way {
        title: branch.text_of("title").unwrap_or_default().to_owned(),
        required: texts(branch.get("required")),
        fields: fields.iter().map(|entry| (entry.key.clone(), schema::constraint(&entry.value))).collect(),
    }
}

fn success(node: &Node) -> (String, Vec<String>) {
    let values = node.get("values").map(Node::elements).unwrap_or_default();
    let values = values.iter().filter_map(schema::literal).map(|value| match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Text(text) => text,
    });
    (node.text_of("at").unwrap_or_default().to_owned(), values.collect())
}

fn echo(node: &Node) -> Echo {
    let request = node.get("request").filter(|pointer| !document::is_given_by_caller(pointer));
    Echo {
        request: request.and_then(Node::text).map(str::to_owned),
        answer: node.text_of("answer").unwrap_or_default().to_owned(),
    }
}

fn sum(node: &Node) -> Sum {
    let pointer = |key: &str| node.text_of(key).unwrap_or_default().to_owned();
    Sum { total: pointer("total"), parts: pointer("parts") }
}

fn expiry(node: &Node) -> Expiry {
    let name = |key: &str| node.text_of(key).unwrap_or_default().to_owned();
    Expiry { month: name("month"), year: name("year") }
}

fn session(node: &Node) -> Session {
    let name = |key: &str| node.text_of(key).unwrap_or_default().to_owned();
    Session { renewed: name("renewed"), id: name("id"), expiry: node.text_of("expiry").map(str::to_owned) }
}

fn code_list(named: &SchemaNode<'_>) -> CodeList {
    let codes = named.node.get("x-extensible-enum").map(Node::elements).unwrap_or_default();
    CodeList {
        name: named.name.to_owned(),
        module: named.module().to_owned(),
        doc: doc(named.node),
        base: schema::base_of(named.node),
        codes: codes
            .iter()
            .map(|code| Code {
                value: code.get("value").and_then(schema::literal).unwrap_or(Literal::Null),
                name: code.text_of("name").unwrap_or_default().to_owned(),
                meaning: code.text_of("meaning").unwrap_or_default().to_owned(),
                nothing_charged: code.is_true("nothing_charged"),
            })
            .collect(),
    }
}

/// An envelope by its schema.
pub(crate) fn envelope(document: &Document, named: &SchemaNode<'_>) -> Envelope {
    let marks = named.node.get("x-envelope");
    let text = |key: &str| marks.and_then(|marks| marks.text_of(key)).map(str::to_owned);
    let required = texts(named.node.get("required"));
    let success = marks.and_then(|marks| marks.get("success")).map(Node::elements).unwrap_or_default();
    let errors = marks.and_then(|marks| marks.get("errors"));
    Envelope {
        name: named.name.to_owned(),
        doc: doc(named.node),
        success: success
            .iter()
            .map(|mark| {
                let member = mark.text_of("member").unwrap_or_default().to_owned();
                let value = mark.get("value").and_then(schema::literal).unwrap_or(Literal::Null);
                SuccessMark { required: required.contains(&member), member, value }
            })
            .collect(),
        code: text("code"),
        code_type: text("code_type"),
        messages: texts(marks.and_then(|marks| marks.get("messages"))),
        errors: errors.map(|errors| ErrorList {
            member: errors.text_of("member").unwrap_or_default().to_owned(),
            code: errors.text_of("code").map(str::to_owned),
            message: errors.text_of("message").map(str::to_owned),
        }),
        payload: text("payload"),
        small_letters: marks.is_some_and(|marks| marks.is_true("small_letters")),
        code_lists: error_lists(document, named),
    }
}

fn error_lists(document: &Document, envelope: &SchemaNode<'_>) -> Vec<String> {
    let code = envelope.node.get("x-envelope").and_then(|marks| marks.text_of("code"));
    let property = code.and_then(|code| envelope.node.get("properties")?.get(code));
    let targets: Vec<&Node> = match property.map(schema::read) {
        Some(Ok(read)) => match read.form {
            Form::EitherCode(targets) => targets,
            Form::Reference(target) => vec![target],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let named = targets.into_iter().filter_map(|target| document::named(document, envelope.file, target.text()?));
    named.filter(|named| named.kind() == SchemaKind::CodeList).map(|named| named.name.to_owned()).collect()
}

fn apis(document: &Document) -> Vec<Api> {
    let entries = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .map(|entry| Api {
            name: entry.key.clone(),
            title: entry.value.text_of("title").unwrap_or_default().to_owned(),
            hosts: hosts(&entry.value, "hosts")
                .map(|host| (host.text_of("environment").unwrap_or_default(), host.text_of("url").unwrap_or_default()))
                .map(|(environment, url)| (environment.to_owned(), url.to_owned()))
                .collect(),
        })
        .collect()
}

fn hosts<'d>(node: &'d Node, key: &str) -> impl Iterator<Item = &'d Node> + use<'d> {
    node.get(key).map(Node::elements).unwrap_or_default().iter()
}

fn api_of(document: &Document, item: &Node) -> String {
    let servers: Vec<_> = hosts(item, "servers").map(|server| server.text_of("url")).collect();
    let apis = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    let api =
        apis.iter().find(|api| hosts(&api.value, "hosts").map(|host| host.text_of("url")).eq(servers.iter().copied()));
    api.map(|api| api.key.clone()).unwrap_or_default()
}

fn pairs(document: &Document) -> Vec<KeyPair> {
    let mut pairs: Vec<KeyPair> = Vec::new();
    for scheme in document::security_schemes(document).iter().map(|entry| &entry.value) {
        let name = scheme.text_of("x-pair").unwrap_or_default();
        let header = scheme.text_of("name").unwrap_or_default().to_owned();
        let index = pairs.iter().position(|pair| pair.name == name).unwrap_or_else(|| {
            pairs.push(KeyPair { name: name.to_owned(), key: String::new(), client: String::new() });
            pairs.len() - 1
        });
        match scheme.text_of("x-part") {
            Some("key") => pairs[index].key = header,
            _ => pairs[index].client = header,
        }
    }
    pairs
}

fn pair_of(document: &Document, operation: &Node) -> Option<String> {
    let requirement = operation.get("security")?.elements().first()?;
    let first = &requirement.entries().first()?.key;
    let scheme = document::security_schemes(document).iter().find(|entry| entry.key == *first)?;
    scheme.value.text_of("x-pair").map(str::to_owned)
}

fn retry(node: &Node) -> Retry {
    match node.text_of("x-retry") {
        Some("inquiry") => Retry::Inquiry,
        Some("repeatable") => Retry::Repeatable,
        _ => Retry::Unsent,
    }
}

/// The objects in the order of their files; those that stood inline behind their parent.
fn in_contract_order(schemas: &[SchemaNode<'_>], mut objects: BTreeMap<String, Object>) -> Vec<Object> {
    let mut ordered: Vec<Object> = schemas.iter().filter_map(|named| objects.remove(named.name)).collect();
    ordered.extend(objects.into_values());
    ordered
}
