"""The first code of ethics, which an installation publishes on its first day and may replace from the administration.

Its spirit is that of Decidim's Social Contract (https://docs.decidim.org/en/develop/understand/social-contract):
free code, transparency, traceability, integrity and equal opportunities. The words are our own.
"""

FIRST_CODE = {
    "text_ca": """\
Aquest espai el fem entre totes les persones que treballem per la participació als ens locals. Aquestes són les \
normes que ens donem per treballar-hi a gust i amb garanties. S'inspiren en el Contracte Social de Decidim, que \
ja compartiu si feu servir la plataforma.

# Ens tractem bé
Parlem amb respecte i donem per fet que qui pregunta té un bon motiu per fer-ho. Discutim les idees, no les \
persones. Aquí no hi caben ni l'assetjament ni cap discriminació.

Fem servir un llenguatge clar i inclusiu. Escrivim en la llengua que ens sigui més còmoda.

# Protegim les dades de la ciutadania
No posem mai en un tiquet, en un fil ni en un document adjunt cap dada personal de la ciutadania: ni DNI, ni adreces, \
ni telèfons, ni captures de pantalla on es vegin. Si cal parlar d'un cas, n'hi ha prou amb l'enllaç.

El compte és personal: no compartim la contrasenya. Si canviem de lloc de feina, ho traspassem tot a qui ens rellevi.

# Treballem a la vista
Allò que es decideix queda escrit, amb qui ho va decidir, quan i per què. No editem ni esborrem el passat d'amagat: \
si ens equivoquem, ho corregim i ho diem.

No fem servir la plataforma per manipular un procés ni per obtenir un avantatge que la resta no té.

# Compartim el que aprenem
El programari és lliure (llicència AGPL) i el que n'aprenem també és de totes: quan trobem una solució, la deixem on \
altres la puguin trobar. Citem d'on surt el que no és nostre.

# Si alguna cosa va malament
Aviseu l'equip de moderació. Us escoltarem, ho mirarem i us direm què hem fet. Qui no respecti aquestes normes pot \
rebre un avís, perdre el dret d'escriure o quedar-se sense compte, sempre amb el motiu per escrit.
""",
    "text_es": """\
Este espacio lo hacemos entre todas las personas que trabajamos por la participación en los entes locales. Estas son \
las normas que nos damos para trabajar a gusto y con garantías. Se inspiran en el Contrato Social de Decidim, que ya \
compartís si usáis la plataforma.

# Nos tratamos bien
Hablamos con respeto y damos por hecho que quien pregunta tiene un buen motivo para hacerlo. Discutimos las ideas, no \
a las personas. Aquí no caben ni el acoso ni ninguna discriminación.

Usamos un lenguaje claro e inclusivo. Escribimos en la lengua que nos resulte más cómoda.

# Protegemos los datos de la ciudadanía
No ponemos nunca en un tique, en un hilo ni en un documento adjunto ningún dato personal de la ciudadanía: ni DNI, ni \
direcciones, ni teléfonos, ni capturas de pantalla donde se vean. Si hay que hablar de un caso, basta con el enlace.

La cuenta es personal: no compartimos la contraseña. Si cambiamos de puesto de trabajo, lo traspasamos todo a quien \
nos releve.

# Trabajamos a la vista
Lo que se decide queda escrito, con quién lo decidió, cuándo y por qué. No editamos ni borramos el pasado a \
escondidas: si nos equivocamos, lo corregimos y lo decimos.

No usamos la plataforma para manipular un proceso ni para obtener una ventaja que los demás no tienen.

# Compartimos lo que aprendemos
El software es libre (licencia AGPL) y lo que aprendemos también es de todas las personas: cuando encontramos una \
solución, la dejamos donde otras puedan encontrarla. Citamos de dónde sale lo que no es nuestro.

# Si algo va mal
Avisad al equipo de moderación. Os escucharemos, lo miraremos y os diremos qué hemos hecho. Quien no respete estas \
normas puede recibir un aviso, perder el derecho a escribir o quedarse sin cuenta, siempre con el motivo por escrito.
""",
    "text_en": """\
All of us who work for participation in local government make this place together. These are the rules we give \
ourselves, so that we work at ease and with guarantees. They are inspired by Decidim's Social Contract, which you \
already share if you use the platform.

# We treat each other well
We speak with respect and take for granted that whoever asks has a good reason to. We argue about ideas, not about \
people. There is no room here for harassment or for discrimination of any kind.

We use clear and inclusive language. We write in whichever language suits us best.

# We protect citizens' data
We never put any personal data of citizens in a ticket, a thread or an attachment: no identity numbers, no addresses, \
no phone numbers, no screenshots where they can be seen. If a case has to be discussed, its link is enough.

An account is personal: we do not share the password. If we change jobs, we hand everything over to our successor.

# We work in the open
What is decided is written down, with who decided it, when and why. We do not edit or erase the past in secret: if we \
make a mistake, we correct it and say so.

We do not use the platform to manipulate a process or to gain an advantage that the others do not have.

# We share what we learn
The software is free (AGPL licence), and what we learn from it belongs to everyone too: when we find a solution, we \
leave it where others can find it. We say where it comes from when it is not ours.

# If something goes wrong
Tell the moderation team. We will listen, look into it, and tell you what we have done. Whoever does not respect these \
rules may be warned, lose the right to write or lose their account, always with the reason in writing.
""",
}
