"""Why a file that a person adds to a dossier cannot be kept: the French words for each reason of refusal."""

from __future__ import annotations

_PRINT = "imprimez-la dans un nouveau PDF"
WHY = {
    "FICHIER_REFUSE": f"son contenu n’est pas celui d’un PDF sain : {_PRINT}",
    "PDF_CALQUES": f"elle a des calques cachés, qui se verraient dans la liasse : {_PRINT}",
    "PDF_FEUILLE": f"une de ses pages n’a pas de format qui s’imprime : {_PRINT}",
    "PDF_SANS_FIN": f"elle n’a pas de fin, ou beaucoup trop d’objets : {_PRINT}",
    "PDF_TROP_LOURD": f"elle dessine plus qu’une feuille ne le fait : {_PRINT}",
    "PDF_CHIFFRE": "elle est protégée par un mot de passe",
    "PDF_ENDOMMAGE": "elle est endommagée, ou n’est pas arrivée entière",
    "PDF_SUITE": "d’autres données suivent la fin du PDF",
    "PDF_TROP_DE_PAGES": "elle a trop de pages : joignez la fiche seule",
    "PDF_TROP_GROS": "elle est trop lourde : 10 Mo au plus",
    "FICHIER_TROP_GROS": "elle est trop lourde : 10 Mo au plus",
    "PDF_XFA": f"c’est un formulaire dynamique que seul Adobe Reader montre : {_PRINT}",
}
