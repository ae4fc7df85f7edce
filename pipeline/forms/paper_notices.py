"""Words of the papers of a dossier's life: what each is called, what whoever fills it is told, what it serves."""

from __future__ import annotations

from pipeline.core.paper_kinds import PaperForm

TITLES = {
    PaperForm.FORMULAIRE: "Formulaire préalable à la convention de stage",
    PaperForm.MODIFICATION: "Demande de modification du stage",
    PaperForm.EVALUATION: "Évaluation du stage par le tuteur",
    PaperForm.QUESTIONNAIRE: "Questionnaire sur l’accueil en stage",
    PaperForm.EMARGEMENT: "Feuille d’émargement du mois",
}
FOOTS = TITLES | {PaperForm.FORMULAIRE: "Formulaire préalable", PaperForm.EVALUATION: "Évaluation du stage"}

_SCALE = "Cocher une case par ligne ; laisser vide une ligne sans objet."
TOLD = {
    PaperForm.MODIFICATION: (
        "Les cases portent ce que disent aujourd’hui la convention et ses avenants. Écrire par-dessus ce qui doit "
        "changer, et rien d’autre : ce qui n’est pas modifié, ou est laissé vide, reste en vigueur. Ce qui est "
        "supprimé se dit sous « Raison ».\n"
        "Datée et signée, la demande est renvoyée à {where} avant la date d’effet. Le changement n’a d’effet "
        "qu’une fois accepté par {who} ; un avenant, signé des mêmes parties que la convention, est obligatoirement "
        "établi."
    ),
    PaperForm.EVALUATION: (
        f"À remplir par le tuteur à la fin du stage, si possible avec le stagiaire. {_SCALE}\n"
        "Datée et signée, l’évaluation est renvoyée à {where}."
    ),
    PaperForm.QUESTIONNAIRE: (
        f"À remplir par le stagiaire à la fin du stage (code de l’éducation, article L124-4). {_SCALE}\n"
        "Le questionnaire est remis à {where}, sans passer par une autre partie. Il ne compte ni dans l’évaluation "
        "du stage ni dans l’obtention du diplôme."
    ),
    PaperForm.EMARGEMENT: (
        "Chaque demi-journée de présence se signe dans sa case, ou s’y note P. Une absence y porte son code : "
        "A absence injustifiée, J absence justifiée, M maladie, C congé (L124-13), F férié, – pas de stage.\n"
        "Datée et signée des deux côtés, la feuille est renvoyée à {where} à la fin du mois."
    ),
}
_SAME = "Fondement, destinataires et durée de conservation sont ceux que dit le formulaire préalable."
SERVES = {
    PaperForm.MODIFICATION: f"Les réponses servent à établir l’avenant à la convention de stage. {_SAME}",
    PaperForm.EVALUATION: f"Les réponses servent à évaluer et à valider le stage. {_SAME}",
    PaperForm.QUESTIONNAIRE: f"Les réponses servent à évaluer la qualité de l’accueil en stage. {_SAME}",
    PaperForm.EMARGEMENT: f"Les réponses servent à établir les attestations de présence. {_SAME}",
}
