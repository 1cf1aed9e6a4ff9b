"""Anonymous cases that organisations of a network discuss (intervisie), and what they change in the playbook."""
