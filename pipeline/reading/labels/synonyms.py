"""Label synonyms: what schools print beside the labels of the schema; plain French, compared by ``label_words``."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    """The labels of each path: « path: label | label », lines that carry an entry on being indented."""
    entries = (entry.partition(":") for entry in re.split(r"\n(?=\S)", text.strip()))
    return {path: tuple(" ".join(label.split()) for label in labels.split("|")) for path, _, labels in entries}


# By the end of a path: what any person, address or body may be asked by.
GENERIC = _table(
    """
.telephone: Téléphone fixe | Téléphone mobile | N° de portable | Téléphone professionnel |
  Téléphone professionnel direct | Téléphone direct | Tél. portable | Tél. fixe | Standard
.courriel: Mail professionnel | Adresse courriel | Courriel professionnel
.fonction: Poste | Profession | Fonction dans l’organisme | Fonction (ou discipline) | Titre | Fonction exercée |
  agissant en qualité de | Discipline | Qualité du signataire | Fonction du représentant | Fonction du signataire
.nom_prenom: Nom et prénom | Nom, prénom | Nom – Prénom | Nom / Prénom | Nom prénom | Prénom et nom | Prénom NOM |
  NOM Prénom | Nom complet | Identité | Nom et prénom(s)
adresse.voie: Adresse (n°, voie) | Domicile | Domicile (n° et voie) | Adresse (n° et voie) | Adresse du siège |
  Adresse du siège social | Siège social | Adresse complète | Adresse postale | Rue | N° et rue | demeurant |
  demeurant à | Adresse du domicile | dont le siège est situé
adresse.code_postal: Code postal
.nom_naissance: Nom de naissance
"""
)
# By path.
EXACT = _table(
    """
stagiaire.date_naissance: Né le | Née le | Date de naiss.
stagiaire.lieu_naissance: Lieu | Ville de naissance
stagiaire.numero: N° d’étudiant | Numéro étudiant | N° d’inscription | N° d’auditeur | N° apprenant | N° INE |
  N° de dossier | N° d’élève
stagiaire.nir: N° de sécu | Sécurité sociale | N° sécu | N° INSEE | N° de sécurité sociale
stagiaire.regime: Régime du stagiaire
formation.intitule: Formation suivie | Intitulé de la formation | Diplôme | Filière | Inscrit(e) en | Spécialité |
  Intitulé du diplôme | Diplôme préparé | Cursus suivi | Étudiant(e) en
organisme.raison_sociale: Nom de l’organisme | Nom de la structure | Nom de l’établissement d’accueil |
  Organisme d’accueil | Organisme | Structure | Entreprise d’accueil | Dénomination sociale | Nom ou raison sociale
organisme.siret: N° de SIRET | Numéro de SIRET | SIRET (14 chiffres)
organisme.ape: APE | APE / NAF | Code NAF | NAF / APE | Code APE / NAF
organisme.service: Unité ou service | Service où se déroule le stage | Lieu ou service | Service |
  Service d’affectation | Service / unité
organisme.signataire.nom_prenom: Convention signée par | Responsable qui signe la convention |
  Personne qui signe la convention | Signataire (nom et prénom) | Représenté(e) par | Représentant |
  Représentant légal | Représentée par (nom et prénom) | Signataire | Signataire de la convention |
  Nom du signataire | Nom du représentant | Nom du représentant légal | Nom et prénom du signataire |
  Nom et prénom du représentant légal | Nom et prénom du représentant | Représenté(e) par (nom et prénom)
tuteur.nom_prenom: Tuteur ou tutrice | Tuteur ou tutrice de terrain | Tuteur de terrain | Tuteur professionnel |
  Encadré par | Tuteur | Tutrice | Tuteur de stage | Nom du maître de stage | Nom et prénom du tuteur |
  Nom et prénom du maître de stage | Nom du tuteur de stage | Tuteur / tutrice |
  Encadrement du stagiaire assuré par | Référent professionnel de site
referent.nom_prenom: Nom de l’enseignant référent | Référent | Nom du référent | Enseignant chargé du suivi |
  Nom et prénom du référent | Enseignant tuteur | Suivi pédagogique assuré par | Suivi pédagogique |
  Enseignant responsable
stage.sujet: Sujet du stage | Objet du stage | Thème | Titre du stage
stage.activites: Ce que fera le stagiaire | Travaux confiés | Tâches principales | Activités | Missions |
  Tâches confiées | Activités confiées au stagiaire | Mission du stagiaire | Missions du stagiaire |
  Missions principales | Principales missions
stage.competences: Compétences | Compétences visées | Compétences à acquérir | Compétences à développer
stage.date_debut: Premier jour | Premier jour du stage | Date d’entrée | Du | Date de début | Date début |
  À compter du | Début du stage | Stage du | se déroulera du | aura lieu du
stage.date_fin: Dernier jour | Dernier jour du stage | Date de sortie | Jusqu’au | Date fin | Fin du stage |
  Date de fin
stage.duree_heures: Total des heures | Total des heures de présence | Heures en tout | Heures au total |
  Nombre d’heures | Nombre d’heures de présence | Durée du stage (heures) | Nombre d’heures total | Total d’heures |
  Total heures | Nombre total d’heures de présence | Durée totale | Durée totale en heures | Nb total d’heures |
  Nombre d’heures de stage | Durée effective | soit | Volume horaire total | Durée du stage en heures
stage.heures_hebdo: Présence hebdomadaire | Heures chaque semaine | Durée hebdomadaire de présence |
  Durée hebdomadaire | Heures par semaine | Heures / semaine | Heures hebdomadaires | Nombre d’heures par semaine |
  Temps de présence hebdomadaire | Horaire hebdomadaire | Nb d’heures par semaine | à raison de
stage.heures_jour: Heures par jour | Durée quotidienne | Heures / jour | Durée journalière
stage.presence_exceptionnelle: Présence de nuit ou le dimanche | Nuit / dimanche | Travail de nuit |
  Présence la nuit, le dimanche ou un jour férié | Nuit, dimanche, jours fériés
stage.obligatoire: Type de stage | Nature du stage | Stage obligatoire | Caractère du stage | Stage prévu au cursus |
  Stage obligatoire dans le cursus | Stage intégré au cursus
gratification.prevue: Stage gratifié | Gratification | Gratification prévue | Le stage est-il gratifié |
  Une gratification est-elle versée | Stage rémunéré | Gratification versée
gratification.montant: Montant prévu | Montant de l’indemnité | Montant | Si oui, montant |
  Si oui, montant de la gratification | Montant brut | Montant mensuel | Montant horaire | Montant versé |
  d’un montant de
gratification.modalite: Versée par | Payée par | Réglée par | Mode de versement | Mode de règlement |
  Mode de paiement | Modalités de versement | Versement par | Modalités
assurance_rc.compagnie: Assureur de votre responsabilité civile | Assureur de la responsabilité civile | Compagnie |
  Assureur responsabilité civile | Assureur (responsabilité civile) | Nom de l’assureur |
  Responsabilité civile – compagnie | Compagnie d’assurances | Assurance
assurance_rc.contrat: Numéro du contrat | Contrat | N° contrat | N° de contrat | Police n° | N° du contrat |
  Contrat n° | N° police | Numéro de contrat d’assurance | N° de sociétaire
signatures.lieu: Fait à
stage.avantages: Avantages accordés | Avantages | Autres avantages
accord_pedagogique.decision: Avis du responsable pédagogique | Avis | Avis pédagogique
"""
)
# Never an answer’s label on their own, outside their section: too short or too common.
_TEXT = """
a activites association assurance au avis caisse competences complement contrat cpf cursus date debut decision
departement diplome directeur discipline du emploi employeur entreprise etat fin fonction formation genre
gratification indemnite insee le lieu matin mission modalites montant motif msa nom objet opco organisme par
parcours pays planning pole poste projet promotion qualite referent region remuneration rue secteur service
session sexe signataire situation societe soit specialite standard statut structure taches theme titre tuteur
unite versement voie
"""
WEAK = frozenset(_TEXT.split())
