"""The headings of a form’s parts: the phrase that names a section, and the other words that a heading may have."""

from __future__ import annotations

# In order: at the same place of a heading, the earlier phrase wins. An empty section is nobody’s.
HEADINGS: tuple[tuple[str, str], ...] = (
    ("encadrement du stagiaire par organisme d accueil", "tuteur"),
    ("encadrement du stagiaire par etablissement", "referent"), ("encadrement dans organisme", "tuteur"),
    ("encadrement par organisme", "tuteur"), ("vous suit", ""), ("vous encadre", ""), ("encadrement", ""),
    ("interlocuteurs", ""), ("contacts", ""), ("suivi pedagogique", "referent"),
    ("enseignant charge du suivi", "referent"), ("enseignant referent", "referent"),
    ("referent pedagogique", "referent"), ("tuteur pedagogique", "referent"), ("tuteur enseignant", "referent"),
    ("enseignant tuteur", "referent"), ("responsable pedagogique", "referent"),
    ("tuteur universitaire", "referent"), ("referent dans etablissement", "referent"),
    ("formateur referent", "referent"), ("enseignant", "referent"), ("referent professionnel", "tuteur"),
    ("maitre de stage", "tuteur"), ("tuteur", "tuteur"), ("tutrice", "tuteur"), ("tuteur dans organisme", "tuteur"),
    ("referent de stage", "tuteur"), ("referent", "referent"), ("accord pedagogique", "accord_pedagogique"),
    ("avis pedagogique", "accord_pedagogique"), ("cadre reserve", "accord_pedagogique"),
    ("reserve administration", "accord_pedagogique"),
    ("representant legal du stagiaire", "stagiaire.representant_legal"),
    ("representant legal stagiaire", "stagiaire.representant_legal"),
    ("representant legal de etudiant", "stagiaire.representant_legal"),
    ("signataire de convention", "organisme.signataire"), ("representant de organisme", "organisme.signataire"),
    ("representant legal", "organisme.signataire"), ("signataire", "organisme.signataire"),
    ("lieu du stage", "organisme.lieu_stage"), ("lieu de stage", "organisme.lieu_stage"),
    ("organisme d accueil", "organisme"), ("structure d accueil", "organisme"),
    ("entreprise d accueil", "organisme"), ("etablissement d accueil", "organisme"),
    ("lieu d accueil", "organisme"), ("site qualifiant", "organisme"), ("terrain de stage", "organisme"),
    ("etablissement d enseignement", "etablissement"), ("etablissement de formation", "etablissement"),
    ("centre de formation", "etablissement"), ("employeur", "employeur"), ("gratification", "gratification"),
    ("remuneration", "gratification"), ("indemnisation", "gratification"), ("indemnite", "gratification"),
    ("assurance", "assurance_rc"), ("responsabilite civile", "assurance_rc"), ("protection sociale", "stagiaire"),
    ("horaires", "stage.horaires"), ("signatures", "signatures"), ("etudiant", "stagiaire"),
    ("stagiaire", "stagiaire"), ("apprenant", "stagiaire"), ("auditeur", "stagiaire"), ("eleve", "stagiaire"),
    ("candidat", "stagiaire"), ("beneficiaire", "stagiaire"), ("etat civil", "stagiaire"),
    ("entreprise", "organisme"), ("organisme", "organisme"), ("structure", "organisme"),
    ("association", "organisme"), ("vous", "stagiaire"), ("ecole", "etablissement"),
    ("universite", "etablissement"), ("etablissement", "etablissement"), ("iut", "etablissement"),
    ("ufr", "etablissement"), ("formation suivie", "formation"), ("formation", "formation"), ("stage", "stage"),
    ("mission", "stage"), ("activites", "stage"),
)  # fmt: skip
_TEXT = """
18 a accueil accueillant accueillante accueille administratif administration agent ans assurances au aux avec
cadre charge civile concernant conditions contenu convention coordonnees d dans dates de deroulement des
description different differente du duree en encadrant encadrement entite et fiche formateur habilite identite
information informations jeune legal lieu mineur mineure modalites moins nature objet ou par partenaire partie
pedagogique pedagogiques periode pour preparee presence presentation prive privee professionnel
professionnelle projet public publique qui relatifs relatives renseignements reserve responsabilite
responsable rubrique sa salarie ses si siege signature signe sociale sociales son stagiaires suit suivi sur
terrain travail un une universitaire visa volet votre
"""
HEADING_WORDS = frozenset(_TEXT.split())
