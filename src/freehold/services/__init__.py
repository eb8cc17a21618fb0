"""The rooms, one folder a service. Siblings never import each other; they meet at the door."""
