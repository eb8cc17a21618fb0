"""The sentences of the lessons: with names in them, and without. It may not know how blanks are filled."""

PEOPLE = """
The patient {name} was seen today by Dr. {name}.
Dear {name}, your order has shipped.
Dear {title} {name},
Hi {name}, thanks for your message
{name} lives in {place} and works for {company}.
I met {name} in {place} last {day}.
{name} and {name} were married in {place}.
My name is {name}.
My name is {name} and I need help with my {product}
{{"name": "{name}", "city": "{place}", "status": "OPEN"}}
{{"patient": "{reversed}", "ward": "{heading}"}}
{{"customerName": "{name}", "company": "{company}"}}
{{"employee": {{"fullName": "{name}", "office": "{place}"}}}}
name={name} city={place} product={product}
Patient: {reversed}
{reversed}
Attendees: {reversed}; {reversed}
Nom : {official}
M. {official}, {place}
le dossier de {official} est clos
PATIENT: {upper} ADMITTED TO {placeupper}
Customer: {name}
Contact {name} at {company} for details.
Please transfer the amount to {name}, {place}.
{name} ordered a {product} from {company}
This message was sent by {name} ({company}).
From: {name} <{mail}>
To: {name} <{mail}>; {name} <{mail}>
Signed, {name}
Best regards,\\n{name}\\n{company}
Kind regards\n{name}\n{heading}
{name}\n{company}\n{place}
{title} {name} of {place} said it was fine.
According to {name}, {company} will open in {place}.
The account of {name} was closed on {day}.
{name}'s {product} is broken
we asked {name} about {company}
{name} (born 1984) joined {company}
Interview with {name}, head of {company}
Herr {name} aus {place} hat bestellt.
Sehr geehrte Frau {name},
Patientin {name}, geboren am 12.3.1961
Le patient {name} habite à {place}.
Madame {name}, domiciliée à {place}
Estimado señor {name}:
La paciente {name} vive en {place}.
Il paziente {name} abita a {place}
Gentile signora {name},
user {name} logged in
Ship to: {name}, 12 {street}, {place}
Bill to {name}
{name},{place},{product}
1. {name}
- {name}
{name}, {number} {street}, {place}
{name}, Flat {number}, {street}
{name}, {place}
{name} of {number} {street}
Hello {name}, your parcel is here
Hallo {name}, Ihr Paket ist da
Guten Tag {title} {name}
{title} {name}, born in {place}
{title} {name} has paid {number}
the {title} {name} lives in {place}
By {title} {name}
Ask {title} {name} or {title} {name} about {company}
Wir danken {name} dafür
Yesterday {name} and {name} came
{name} wrote: no
is {name} allowed to see it?
* {name}: {heading}
"{name}" was not found
Thank you {name} for calling {company}
Nurse {name} checked the room, {name} signed the form
Have you seen {name} at {institution}?
directed by {name} and starring {name}
Beneficiary {name} of {company}
{name} will visit {place} on {day}
{upper} ORDERED {product}
{heading}: {name}
{heading} {name}
Our colleague {name} from {place}
I want to add {name} to my account
The will of {name} was read
is {name} still there?
What did {name} say about {product}?
""".strip("\n").split("\n")

NOTHING = """
{company} opened a new office in {place}.
The {heading} is due on {day}.
{heading}
{heading}: {number}
Your {product} was shipped from {place} by {company}.
We moved to {street}, {place}.
{place}, {region} {number}
{institution} is in {place}
She studied at {institution} in {place}
From {place} to {place} by train on {day}
Welcome to {company}
{company} and {company} announced a merger
{company} bought {company}
{company} reported sales in {region}
Buy {product} today
{product} {number} is out of stock
{{"status": "{heading}", "city": "{place}"}}
{{"company": "{company}", "product": "{product}"}}
{{"street": "12 {street}", "city": "{place}"}}
{{"title": "{heading}", "seller": "{company}"}}
meet at {institution} on {day} {number}
the {product} by {company}
Visit {place} in {month}
{month} {number} in {place}
he lives near {street}
I live at {number} {street}, {place}
in {place} and {place}, {region}
The {company} store in {place} is closed
Error: {heading} not found
{heading} {heading}
{companyupper} {headingupper}
{headingupper}: {number}
Can I use my {product} in {place}?
flight from {place} to {place}
{disease} was ruled out
Treated for {disease} at {institution}
{place}
{company}
{product}
INFO {heading} {number}
Read "{heading}" on page {number}
{word} {heading}
{word} {family} was here
{word} {given}, how are you
{place} {letter}
{phrase}
{phraseupper}
{phrase}: {phrase}
{phraseupper} {number}
{day} {month} {number}
{month} {month} {month}
{month} {phrase}
{phrase} {day}
Merry {day} and Happy {phrase}
The {royal} arrived at {place}
{day} {phrase}
{phrase} {day}
{acronym} {family} was there
{acronym} {place}
{place} {acronym}
{number} {street} {number}
{number} rue {given} {family}, {number} {place}
{number} bis avenue {given} {family}
Via {given} {family} {number}, {number} {place}
Rua da {family} {number}, {number} {place}
Rúa de {given} {family}, {number}
at Travesía {given} {family} {number}
{place}, {region}
{name}, {family}-Straße {number}
{name}, {family}straße {number}, {place}
{place}: {given} {street} {number}
Calle {given} {family}, {number}
{family} {phrase} opened
{given} {phrase} costs {number}
He lives at {number} {given} {family} {number}, {place}
They had 4: {given}, {given}, {given} and {given}.
Attending: {given}, {given}, {given}
{family}, {family} and {family} LLP
Hi {given}, thanks
Dear {title} {family},
{title} {family} called
{family} said no
""".strip("\n").split("\n")
