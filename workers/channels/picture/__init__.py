"""Pictures that merchants name by an address: fetched from strangers, and drawn anew."""
