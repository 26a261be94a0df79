"""The badge "Aangesloten bij Schuldenknooppunt": its page, its picture, its terms."""
